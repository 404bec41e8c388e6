//! The errors of making a worker, and of starting or ending a run.

use std::borrow::Cow;

use mock_idp::{CertificateError, StartError};

use super::failed_sign_in::FailedSignIn;
use crate::diagnostic::Broken;
use crate::exit_code::ExitCode;
use crate::guard::{JournalError, Server, StepFault};
use crate::http_client::HttpClientError;
use crate::immich::TargetError;
use crate::report::StepFileError;
use crate::stage::StepError;

/// Why a worker could not be made.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The provider.
    #[error("the provider could not start: {0}")]
    Provider(#[from] StartError),
    /// Its certificate authority.
    #[error("the provider could not start: {0}")]
    Certificate(#[from] CertificateError),
    /// Clients to reach it.
    #[error(transparent)]
    HttpClient(#[from] HttpClientError),
    /// The reference server.
    #[error("the reference server could not start: {0}")]
    Reference(#[from] crate::reference::ReferenceStartError),
    /// The target.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The target's settings, or the journal about them.
    #[error(transparent)]
    Fault(#[from] StepFault),
}

/// Why a run did not take place, or did not end well.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The worker could not be made.
    #[error(transparent)]
    Worker(#[from] WorkerError),
    /// The target.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// Settings, accounts or journal.
    #[error(transparent)]
    Fault(#[from] StepFault),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The honest sign-in before the run.
    #[error("{0}")]
    SignIn(Box<FailedSignIn>),
    /// A scenario's stage cannot be set for a person.
    #[error("the harness cannot set up this scenario: {0}")]
    Stage(String),
    /// A baseline in the binary cannot be read.
    #[error("the baseline {} has a mistake: {}", .0.source.path.display(), .0.in_one_line())]
    Baseline(Broken),
    /// Several providers need several addresses.
    #[error("{0} has no port, but each job needs a provider on its own port")]
    ProviderAddress(String),
    /// More ports than there are.
    #[error("there are not enough ports from {port} on for {providers} providers: each needs 7")]
    Ports {
        /// The first port.
        port: u16,
        /// How many providers there are to be.
        providers: usize,
    },
    /// The steps of tests that passed have no file.
    #[error(transparent)]
    Steps(#[from] StepFileError),
    /// The harness broke down; the target was restored.
    #[error("the harness crashed: {0}. It restored the server")]
    Broke(String),
    /// Interrupted by the user; the target was restored.
    #[error("interrupted; the harness restored the server")]
    Interrupted,
    /// The same, twice: it did not wait until the target was restored.
    #[error("interrupted twice; the harness did not restore the server")]
    Abandoned,
}

impl From<StepError> for RunError {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Fault(fault) => Self::Fault(fault),
            other => Self::Stage(other.to_string()),
        }
    }
}

impl RunError {
    /// The exit code for it.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Interrupted => ExitCode::Interrupted,
            Self::SignIn(failure) if !failure.is_unreached() => ExitCode::Failed,
            Self::Broke(_)
            | Self::Steps(_)
            | Self::Baseline(_)
            | Self::Target(TargetError::Client(_))
            | Self::Fault(StepFault::Target(TargetError::Client(_)))
            | Self::Worker(
                WorkerError::Target(TargetError::Client(_))
                | WorkerError::Fault(StepFault::Target(TargetError::Client(_))),
            ) => ExitCode::Harness,
            Self::Worker(
                WorkerError::Reference(crate::reference::ReferenceStartError::Defect(_))
                | WorkerError::Provider(StartError::PublicUrl { .. }),
            )
            | Self::Target(TargetError::Address(_) | TargetError::Page { .. })
            | Self::ProviderAddress(_)
            | Self::Ports { .. } => ExitCode::Usage,
            // Abandoned, too: the target is not as it was.
            _ => ExitCode::Unreachable,
        }
    }

    /// What the target did, if that is why.
    fn of_the_target(&self) -> Option<&TargetError> {
        match self {
            Self::Target(error)
            | Self::Worker(WorkerError::Target(error) | WorkerError::Fault(StepFault::Target(error)))
            | Self::Fault(StepFault::Target(error)) => Some(error),
            _ => None,
        }
    }

    /// The fault of a step, if that is why.
    pub(super) fn of_a_step(&self) -> Option<&StepFault> {
        match self {
            Self::Fault(fault) | Self::Worker(WorkerError::Fault(fault)) => Some(fault),
            _ => None,
        }
    }

    /// Whether the key of the run does not work any more.
    pub fn is_about_the_key(&self) -> bool {
        self.of_the_target() == Some(&TargetError::KeyRefused)
    }

    /// Whether `restore` puts settings back by `--force` alone.
    pub fn needs_force(&self) -> bool {
        let error = self.of_the_target();
        error.is_some_and(|error| error.is_by_others() || matches!(error, TargetError::ConfigurationFileGone(_)))
    }

    /// Whether all is done at this server, but for its journal.
    pub fn is_done_at(&self, server: &Server) -> bool {
        matches!(self, Self::Fault(StepFault::Journal(JournalError::Stays { path, .. })) if *path == server.journal)
    }

    /// What to do about it.
    pub fn help(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::SignIn(failure) => Some(failure.help().into()),
            error => match error.of_the_target() {
                Some(error) => Some(error.help()),
                None => error.usual_help().map(Cow::from),
            },
        }
    }

    /// The same where it is always the same.
    fn usual_help(&self) -> Option<&'static str> {
        match self {
            Self::Worker(WorkerError::Reference(crate::reference::ReferenceStartError::Defect(_))) => {
                Some("`oidc-harness list defects` lists all defects")
            }
            Self::Journal(error) => Some(error.help()),
            Self::Steps(error) => Some(error.help()),
            Self::ProviderAddress(_) => Some(
                "give a port in --idp-listen and --idp-url, or use --jobs 1. Each further provider takes a port that \
                 is seven higher",
            ),
            Self::Ports { .. } => Some("give a lower port, fewer --jobs, or port 0 for any free port"),
            Self::Fault(StepFault::Journal(error)) | Self::Worker(WorkerError::Fault(StepFault::Journal(error))) => {
                Some(error.help())
            }
            _ => None,
        }
    }
}
