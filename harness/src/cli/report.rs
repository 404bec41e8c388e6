//! `oidc-harness report`.

use std::path::PathBuf;

use clap::Args;

use super::output::{UsageProblem, colour, fail, read_report};
use super::report_destination::{Own, Sink, deliver, write};
use crate::exit_code::ExitCode;
use crate::report::{Detail, Report, Style, formats_help, merge};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A JSON report of a run, or those of all its shards
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Write one HTML page to this file; short for --report html=FILE
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write a report of this kind, to a file with =FILE
    #[arg(long = "report", value_name = "KIND[=FILE]", long_help = formats_help())]
    reports: Vec<String>,
    /// Also fail if a recommendation is not met
    #[arg(long)]
    strict: bool,
    /// Show every problem in full, and name every test
    #[arg(long, short)]
    verbose: bool,
}

/// Shows a run again, which does not change the exit code; or joins its parts,
/// and ends as the whole run would have.
pub(super) fn execute(arguments: &Arguments) -> ExitCode {
    let own = arguments.files.iter().map(|file| ("a report that this command reads", file.clone()));
    let page = arguments.html.iter().map(|file| format!("html={}", file.display()));
    let reports: Vec<String> = arguments.reports.iter().cloned().chain(page).collect();
    let read = Sink::parse(&reports, &own.collect::<Vec<Own>>()).and_then(|sinks| {
        let parts: Result<Vec<Report>, UsageProblem> = arguments.files.iter().map(|path| read_report(path)).collect();
        Ok((sinks, parts?))
    });
    let (mut sinks, parts) = match read {
        Ok(read) => read,
        Err(problem) => return problem.fail(),
    };
    if arguments.reports.is_empty() && arguments.html.is_some() {
        sinks.retain(Sink::has_file);
    }
    let detail = if arguments.verbose { Detail::Verbose } else { Detail::Usual };
    let style = Style { colour: colour(), detail, ..Style::default() };
    match parts.as_slice() {
        [one] if !arguments.strict => deliver(one, &sinks, style, false).err().unwrap_or(ExitCode::Good),
        _ => match merge(parts, arguments.strict) {
            Ok(whole) => write(&whole, &sinks, style, false),
            Err(error) => fail(&error, None, ExitCode::Usage),
        },
    }
}
