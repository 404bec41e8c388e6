//! Where reports go: the terminal, or files.

use std::path::PathBuf;

use super::output::{fail, print};
use crate::exit::ExitCode;
use crate::report::{Human, Report, junit};

/// Where a report goes.
pub(super) enum Sink {
    Human,
    Json(PathBuf),
    Junit(PathBuf),
}

impl Sink {
    /// Reads what was asked for; for people, if nothing was.
    pub(super) fn parse(reports: &[String]) -> Result<Vec<Self>, String> {
        if reports.is_empty() {
            return Ok(vec![Sink::Human]);
        }
        let sink = |text: &String| match text.split_once('=') {
            None if text == "human" => Ok(Sink::Human),
            Some(("json", file)) => Ok(Sink::Json(file.into())),
            Some(("junit", file)) => Ok(Sink::Junit(file.into())),
            _ => Err(format!("`{text}` is no report; there are human, json=FILE and junit=FILE")),
        };
        reports.iter().map(sink).collect()
    }
}

/// Writes the report wherever it is wanted; the exit code of the run, unless
/// a file cannot be written.
pub(super) fn write(report: &Report, sinks: &[Sink], human: &Human, strict: bool) -> ExitCode {
    let mut code = match report.exit_code {
        0 => ExitCode::Good,
        3 => ExitCode::Unreachable,
        4 => ExitCode::Harness,
        _ => ExitCode::Failed,
    };
    for sink in sinks {
        let (path, text) = match sink {
            Sink::Human => {
                print(&human.summary(report));
                continue;
            }
            Sink::Json(path) => (path, serde_json::to_string_pretty(report).map_err(|error| error.to_string())),
            Sink::Junit(path) => (path, junit(report, strict).map_err(|error| error.to_string())),
        };
        let written = text.and_then(|text| std::fs::write(path, text).map_err(|error| error.to_string()));
        if let Err(problem) = written {
            code = fail(&format!("{} cannot be written: {problem}", path.display()), None, ExitCode::Harness);
        }
    }
    code
}
