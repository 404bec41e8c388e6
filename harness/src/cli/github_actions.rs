//! What a run hands to GitHub Actions without a flag: annotations, and the
//! summary of the step.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use super::output::complain;
use crate::report::{Report, Style, format};

/// Hands a report to GitHub Actions, if the run takes place there. What the user
/// asked for already, by the name of its format, is left out.
pub(super) fn tell_github(report: &Report, asked: &[&str]) {
    if std::env::var_os("GITHUB_ACTIONS").is_none_or(|value| value != "true") {
        return;
    }
    // GitHub reads commands on both streams; standard output may be a report.
    if !asked.contains(&"github")
        && let Some(annotations) = rendered("github", report)
    {
        complain(annotations.trim_end());
    }
    let summary = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
    if let Some(path) = summary
        && let Some(text) = rendered("markdown", report)
        && let Err(error) = append(Path::new(&path), &text)
    {
        complain(&format!("cannot write the step summary: {error}"));
    }
}

/// Returns the report in a format of that name, or prints why it has none.
fn rendered(name: &str, report: &Report) -> Option<String> {
    match format(name)?.text(report, Style::default()) {
        Ok(text) => Some(text),
        Err(error) => {
            complain(&format!("cannot write the report for GitHub Actions: {error}"));
            None
        }
    }
}

/// Other commands of the step may have written there.
fn append(path: &Path, text: &str) -> std::io::Result<()> {
    OpenOptions::new().create(true).append(true).open(path)?.write_all(text.as_bytes())
}
