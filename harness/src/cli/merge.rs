//! `oidc-harness merge`.

use std::collections::HashMap;
use std::path::PathBuf;

use clap::Args;

use super::output::{colour, fail};
use super::sink::{Sink, write};
use crate::exit::ExitCode;
use crate::report::{Human, Report, Style, merge};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// JSON reports of parts of a run.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// `human`, `json=FILE` or `junit=FILE`; may be given several times.
    #[arg(long = "report", value_name = "KIND[=FILE]")]
    reports: Vec<String>,
    /// Findings make the whole red, too.
    #[arg(long)]
    strict: bool,
}

pub(super) fn execute(arguments: &Arguments) -> ExitCode {
    let sinks = match Sink::parse(&arguments.reports) {
        Ok(sinks) => sinks,
        Err(problem) => return fail(&problem, None, ExitCode::Usage),
    };
    let mut parts: Vec<Report> = Vec::new();
    for path in &arguments.files {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string());
        match text.and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string())) {
            Ok(part) => parts.push(part),
            Err(error) => {
                return fail(&format!("{} is no report: {error}", path.display()), None, ExitCode::Usage);
            }
        }
    }
    match merge(parts, arguments.strict) {
        Ok(whole) => {
            let style = Style { colour: colour(), verbose: false, strict: arguments.strict };
            write(&whole, &sinks, &Human::new(style, HashMap::new()), arguments.strict)
        }
        Err(error) => fail(&error, None, ExitCode::Usage),
    }
}
