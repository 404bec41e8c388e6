//! A run: its target, its options and its end.

use std::num::NonZeroUsize;

use semver::Version;

use super::error::RunError;
use super::worker_options::WorkerOptions;
use crate::baseline::Baseline;
use crate::guard::Server;
use crate::report::Report;

/// What is judged.
#[derive(Debug, Clone)]
pub enum TargetChoice {
    /// The reference server, perhaps with defects.
    Reference {
        /// The version of Immich whose contract it has.
        version: Version,
        /// Names of defects.
        defects: Vec<String>,
        /// How many of it play tests at the same time.
        jobs: usize,
    },
    /// A server that runs already.
    Server(Server),
}

/// A run.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is wanted or not, whatever the others are")]
pub struct Run {
    /// What is judged.
    pub target: TargetChoice,
    /// How workers are made.
    pub options: WorkerOptions,
    /// What is known of the target; chosen by fingerprint if not given.
    pub baseline: Option<Baseline>,
    /// Whether a fitting baseline is looked for.
    pub find_baseline: bool,
    /// Whether findings make the run red.
    pub strict: bool,
    /// Whether it plays on where the honest sign-in before it fails.
    pub continue_anyway: bool,
    /// Whether the first red test ends it.
    pub fail_fast: bool,
    /// How many tests the server plays at a time; by default, as many as it bears.
    pub jobs: Option<NonZeroUsize>,
    /// Whether its report has the steps of tests that passed, which the run writes
    /// to a temporary file.
    pub keeps_steps: bool,
    /// Whether it waits for another run on the same server; otherwise, such a
    /// server is an error.
    pub wait: bool,
}

/// How a run ended that took place.
#[derive(Debug)]
pub struct Ended {
    /// What was judged.
    pub report: Report,
    /// The fault of the run as a whole, as in the report.
    pub fault: Option<RunError>,
    /// The emails of the run's accounts that stay on the server, as agreed.
    pub left: Vec<String>,
}

impl Run {
    /// Whether the target is a server of our own, which ends with the run.
    pub fn is_own(&self) -> bool {
        matches!(self.target, TargetChoice::Reference { .. })
    }

    /// How many tests each worker plays at a time, if that is given. Those with a
    /// reference server play one: there are as many as are wanted.
    pub(super) fn side_by_side(&self) -> Option<NonZeroUsize> {
        if self.is_own() { Some(NonZeroUsize::MIN) } else { self.jobs }
    }

    /// Whether a sign-in succeeds at the target for certain: it is the reference
    /// server, without defects.
    pub fn is_sound(&self) -> bool {
        matches!(&self.target, TargetChoice::Reference { defects, .. } if defects.is_empty())
    }

    /// The server that is judged, if it is not one of our own.
    pub fn server(&self) -> Option<&Server> {
        match &self.target {
            TargetChoice::Reference { .. } => None,
            TargetChoice::Server(server) => Some(server),
        }
    }
}
