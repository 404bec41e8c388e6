//! `oidc-harness merge`.

use std::path::PathBuf;

use clap::Args;

use super::output::{UsageProblem, colour, fail, read_report};
use super::sink::{Own, Sink, write};
use crate::exit::ExitCode;
use crate::report::{Report, Style, formats_help, merge};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// JSON reports of the shards of a run.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[arg(long = "report", value_name = "KIND[=FILE]", help = formats_help())]
    reports: Vec<String>,
    /// Findings also make the joined run red.
    #[arg(long)]
    strict: bool,
}

pub(super) fn execute(arguments: &Arguments) -> ExitCode {
    let own: Vec<Own> =
        arguments.files.iter().map(|file| ("one of the reports that are joined", file.clone())).collect();
    let sinks = match Sink::parse(&arguments.reports, &own) {
        Ok(sinks) => sinks,
        Err(problem) => return problem.fail(),
    };
    let parts: Result<Vec<Report>, UsageProblem> = arguments.files.iter().map(|path| read_report(path)).collect();
    let parts = match parts {
        Ok(parts) => parts,
        Err(problem) => return problem.fail(),
    };
    match merge(parts, arguments.strict) {
        Ok(whole) => write(&whole, &sinks, Style { colour: colour(), ..Style::default() }, false),
        Err(error) => fail(&error, None, ExitCode::Usage),
    }
}
