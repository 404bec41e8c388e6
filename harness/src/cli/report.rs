//! `oidc-harness report`.

use std::path::PathBuf;

use clap::Args;

use super::output::{colour, read_report};
use super::sink::{Sink, deliver};
use crate::exit::ExitCode;
use crate::report::{Detail, Style, formats_help};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A JSON report of a run.
    file: PathBuf,
    /// Writes a page in one file; short for `--report html=FILE`.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    #[arg(long = "report", value_name = "KIND[=FILE]", help = formats_help())]
    reports: Vec<String>,
    /// Tells every problem in full and names every test.
    #[arg(long, short)]
    verbose: bool,
}

/// Shows a run again. A red run does not change the exit code.
pub(super) fn execute(arguments: &Arguments) -> ExitCode {
    let page = arguments.html.iter().map(|file| format!("html={}", file.display()));
    let reports: Vec<String> = arguments.reports.iter().cloned().chain(page).collect();
    let sinks = Sink::parse(&reports, &[("the report that is shown", arguments.file.clone())]);
    match sinks.and_then(|sinks| Ok((sinks, read_report(&arguments.file)?))) {
        Ok((mut sinks, report)) => {
            if arguments.reports.is_empty() && arguments.html.is_some() {
                sinks.retain(Sink::has_file);
            }
            let detail = if arguments.verbose { Detail::Verbose } else { Detail::Usual };
            let style = Style { colour: colour(), detail, ..Style::default() };
            deliver(&report, &sinks, style, false).err().unwrap_or(ExitCode::Good)
        }
        Err(problem) => problem.fail(),
    }
}
