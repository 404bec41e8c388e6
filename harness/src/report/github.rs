//! The report as GitHub workflow commands: an annotation on the line of the
//! scenario for every test that is not as it should be. GitHub shows the first
//! ten of a kind beside the code and the rest in the log.

use std::fmt::Write;

use super::format::{Format, FormatError, Style};
use super::rerun::Again;
use super::result::Outcome;
use super::shape::{CaseReport, Report};
use crate::escape::{github_message as data, github_property as property};

pub(super) static GITHUB: Format =
    Format { name: "github", text: "annotations in GitHub Actions", render: github, after_live: None };

#[expect(clippy::unnecessary_wraps, reason = "formats are written alike")]
fn github(report: &Report, _: Style) -> Result<String, FormatError> {
    let mut text = String::new();
    if let Some(notice) = report.notice() {
        let _ = writeln!(text, "::error title={}::{}", property(report.verdict()), data(&notice));
    }
    for case in &report.results {
        let outcome = case.result.outcome;
        let command = match outcome {
            _ if outcome.is_red(report.strict) => "error",
            Outcome::Finding => "warning",
            Outcome::NotExercised => "notice",
            _ => continue,
        };
        let place = report.place(case);
        let file = place.as_ref().map_or_else(String::new, |place| {
            format!("file={},line={},col={},", property(place.path), place.line, place.column)
        });
        let title = property(&format!("{} ({})", case.test_name(), outcome.name()));
        let _ = writeln!(text, "::{command} {file}title={title}::{}", data(&message(report, case)));
    }
    Ok(text)
}

fn message(report: &Report, case: &CaseReport) -> String {
    let found = case.mismatches().map(ToOwned::to_owned);
    let lines = [case.title.clone()].into_iter().chain(case.result.reason.clone()).chain(found);
    let lines = lines.chain((!case.requirement.is_empty()).then(|| case.requirement.join("; ")));
    let again = Again::in_report(report, case).into_iter().flat_map(|again| again.lines());
    let lines = lines.chain(again);
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
