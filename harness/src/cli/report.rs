//! `oidc-harness report`.

use std::path::PathBuf;

use clap::Args;

use super::output::{colour, fail, read_report};
use super::sink::{Sink, deliver};
use crate::exit::ExitCode;
use crate::report::{Style, formats_help};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The JSON report of a run.
    file: PathBuf,
    /// A page for people, in one file; short for `--report html=FILE`.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    #[arg(long = "report", value_name = "KIND[=FILE]", help = formats_help())]
    reports: Vec<String>,
}

/// Shows a run again. That the run was red is no fault of showing it.
pub(super) fn execute(arguments: &Arguments) -> ExitCode {
    let only_page = arguments.reports.is_empty() && arguments.html.is_some();
    let sinks = if only_page { Ok(Vec::new()) } else { Sink::parse(&arguments.reports) };
    let page = arguments.html.clone().map(Sink::html).transpose();
    let wanted = sinks.and_then(|sinks| Ok((sinks, page?, read_report(&arguments.file)?)));
    match wanted {
        Ok((mut sinks, page, report)) => {
            sinks.extend(page);
            let style = Style { colour: colour(), ..Style::default() };
            deliver(&report, &sinks, style, false).err().unwrap_or(ExitCode::Good)
        }
        Err(problem) => fail(&problem, None, ExitCode::Usage),
    }
}
