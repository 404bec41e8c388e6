//! How a server is judged, in the same words for `run` and for `cargo test`.

use clap::Args;

use super::output;
use super::servers::tell_restored;
use super::target::{TargetArguments, TargetProblem};
use crate::diagnostic::Source;
use crate::exit::ExitCode;
use crate::runner::Run;
use crate::target::Baseline;

#[derive(Debug, Args)]
pub(super) struct Judging {
    #[command(flatten)]
    target: TargetArguments,
    /// A baseline file: what is known of the server, and does not make the run
    /// red; `none` to judge without. Without the flag, a built-in one is
    /// looked for that fits; `--report baseline=FILE` writes one of your own.
    #[arg(long, value_name = "FILE|none", env = "OIDC_HARNESS_BASELINE")]
    baseline: Option<String>,
    /// Findings make the run red, too.
    #[arg(long, env = "OIDC_HARNESS_STRICT")]
    pub(super) strict: bool,
    /// How many tests at a time against the reference server.
    #[arg(long, value_name = "N", env = "OIDC_HARNESS_JOBS")]
    jobs: Option<usize>,
}

impl Judging {
    /// The run that does so, once the baseline is read.
    pub(super) fn run(&self, baseline: Option<Baseline>, fail_fast: bool) -> Result<Run, TargetProblem> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let (target, options) = self.target.prepare(self.jobs.unwrap_or(cores))?;
        Ok(Run {
            target,
            options,
            baseline,
            find_baseline: self.baseline.is_none(),
            strict: self.strict,
            fail_fast,
            waiting: self.target.waiting(),
            restored: Some(tell_restored),
        })
    }

    /// The baseline that is given, if one is; complains about what is wrong
    /// with it.
    pub(super) fn baseline(&self) -> Result<Option<Baseline>, ExitCode> {
        let Some(path) = self.baseline.as_deref().filter(|path| *path != "none") else { return Ok(None) };
        let text = std::fs::read_to_string(path)
            .map_err(|error| output::fail(&format!("{path} cannot be read: {error}"), None, ExitCode::Usage))?;
        output::baseline(Source { path: path.into(), text }).map(Some)
    }

    /// What has to be typed besides, for the same to be judged again.
    pub(super) fn untyped(&self) -> &'static [&'static str] {
        self.target.untyped()
    }
}
