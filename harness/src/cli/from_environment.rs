//! A run by the variables of the environment alone, as `cargo test` has it: it
//! takes each one that `run` takes for target, provider and judging.

use clap::Parser;

use super::judging::Judging;
use crate::exit::ExitCode;
use crate::runner::Run;

#[derive(Debug, Parser)]
#[command(name = "cargo test")]
struct Variables {
    #[command(flatten)]
    judging: Judging,
}

/// The run that the environment asks for; complains about what is wrong with
/// it.
pub fn run_from_environment() -> Result<Run, ExitCode> {
    let variables = Variables::try_parse_from(["cargo test"]).map_err(|error| {
        super::output::complain(error.to_string().trim_end());
        ExitCode::Usage
    })?;
    let baseline = variables.judging.baseline()?;
    variables.judging.run(baseline, false).map_err(|problem| problem.fail())
}
