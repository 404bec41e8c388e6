//! How a server is judged, in the same words for `run` and for `cargo test`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use super::flag::{RESULT, TESTS, at_least_one};
use super::output::{self, UsageProblem, fail};
use super::report_destination::{BASELINE, Own};
use super::target::TargetArguments;
use crate::baseline::Baseline;
use crate::diagnostic::Source;
use crate::exit_code::ExitCode;
use crate::runner::{Run, RunError};
use crate::scenario::Catalogue;

#[derive(Debug, Args)]
pub(super) struct Judging {
    #[command(flatten)]
    pub(super) target: TargetArguments,
    /// Accept the known failures of this baseline
    ///
    /// A file, the name of a built-in baseline, or `none`. Default: the built-in
    /// baseline for the server's version, if there is one. To write your own, use
    /// `--report baseline=FILE`.
    #[arg(long, value_name = "NAME", env = "OIDC_HARNESS_BASELINE", help_heading = RESULT)]
    baseline: Option<String>,
    /// Also fail if a recommendation is not met
    #[arg(long, env = "OIDC_HARNESS_STRICT", help_heading = RESULT)]
    pub(super) strict: bool,
    /// Play the tests even if the honest sign-in before them fails
    #[arg(long, env = "OIDC_HARNESS_CONTINUE_ANYWAY", help_heading = RESULT, hide_short_help = true)]
    continue_anyway: bool,
    /// How many tests run at a time, at most 64
    ///
    /// Default: the number of processors for the reference server. For other
    /// servers, the run begins with 4, and doubles the number up to 32 as long as
    /// sign-ins do not take longer. It plays one test at a time where so many fail
    /// that to play these again takes longer.
    #[arg(
        long,
        value_name = "N",
        value_parser = at_least_one::<usize>,
        env = "OIDC_HARNESS_JOBS",
        help_heading = TESTS
    )]
    jobs: Option<usize>,
}

/// More reference servers and providers at a time need more ports and files than most
/// systems allow, and no test ends sooner.
const MOST_JOBS: usize = 64;

impl Judging {
    /// The run that does so, once the baseline is read.
    pub(super) fn run(&self, baseline: Option<Baseline>, fail_fast: bool) -> Result<Run, UsageProblem> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let (target, options) = self.target.prepare(self.jobs.unwrap_or(cores).min(MOST_JOBS))?;
        Ok(Run {
            target,
            options,
            baseline,
            find_baseline: self.baseline.is_none(),
            strict: self.strict,
            continue_anyway: self.continue_anyway,
            fail_fast,
            jobs: self.jobs.and_then(|jobs| NonZeroUsize::new(jobs.min(MOST_JOBS))),
            keeps_steps: true,
            wait: self.target.wait(),
        })
    }

    /// The files of these arguments that a run reads or changes.
    pub(super) fn files(&self) -> Vec<Own> {
        let baseline = self.baseline.iter().map(|path| (BASELINE, PathBuf::from(path)));
        self.target.files().into_iter().chain(baseline).collect()
    }

    /// The baseline that is given, by file or name, if one is; complains about
    /// what is wrong with it.
    pub(super) fn baseline(&self) -> Result<Option<Baseline>, ExitCode> {
        let Some(path) = self.baseline.as_deref().filter(|path| *path != "none") else { return Ok(None) };
        let built_in = Catalogue::baselines().map_err(|broken| {
            let error = RunError::Baseline(broken);
            fail(&error, None, error.exit_code())
        })?;
        if let Some(baseline) = built_in.iter().find(|baseline| baseline.id() == path) {
            return Ok(Some(baseline.clone()));
        }
        let text = std::fs::read_to_string(path).map_err(|error| {
            let names: Vec<String> = built_in.iter().map(Baseline::id).collect();
            let help = format!("pass a file, or the name of a built-in baseline: {}", names.join(", "));
            fail(&format!("cannot read {path}: {error}"), Some(&help), ExitCode::Usage)
        })?;
        output::baseline(Source { path: path.into(), text }).map(Some)
    }

    /// The further flags that repeat this judgement.
    pub(super) fn untyped(&self) -> &'static [&'static str] {
        self.target.untyped()
    }
}
