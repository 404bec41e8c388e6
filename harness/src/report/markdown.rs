//! The report as Markdown, for the step summary of GitHub Actions and for
//! comments.

use std::fmt::Write;

use super::format::{Format, FormatError, Style};
use super::rerun::Again;
use super::result::Outcome;
use super::shape::{CaseReport, Report};
use crate::escape::markdown as line;
use crate::plural::counted;

pub(super) static MARKDOWN: Format = Format {
    name: "markdown",
    text: "a summary, such as for $GITHUB_STEP_SUMMARY",
    render: markdown,
    after_live: None,
};

/// How many tests of one result are listed; a step summary has a limit.
const LISTED: usize = 200;

#[expect(clippy::unnecessary_wraps, reason = "formats are written alike")]
fn markdown(report: &Report, _: Style) -> Result<String, FormatError> {
    let mut text = format!("## {}\n\n", report.verdict());
    let target = report.target.as_ref();
    let target = target.map_or_else(|| "no server".to_owned(), |target| format!("{} {}", target.url, target.version));
    let tests = counted(report.results.len(), "test", "tests");
    let counts = report.counts.listed();
    let _ = writeln!(text, "{tests} against {}: {}.", line(&target), counts.join(", "));
    if let Some(notice) = report.notice() {
        let _ = writeln!(text, "\n**{}**", line(&notice));
    }
    if let Some(baseline) = &report.baseline {
        let _ = writeln!(text, "\nJudged with the baseline {}.", line(baseline));
    }
    if let Some(unmeasured) = &report.unmeasured {
        let _ = writeln!(text, "\n{}.", line(unmeasured));
    }
    for outcome in Outcome::ALL.iter().filter(|outcome| !matches!(outcome, Outcome::Passed)) {
        let of_outcome: Vec<&CaseReport> =
            report.results.iter().filter(|case| case.result.outcome == *outcome).collect();
        if of_outcome.is_empty() {
            continue;
        }
        let name = outcome.name();
        let open = if outcome.is_red(report.strict) { " open" } else { "" };
        let _ = writeln!(text, "\n<details{open}><summary>{}: {}</summary>\n", name, of_outcome.len());
        text.push_str("| test | what should hold | found | asked for by |\n|---|---|---|---|\n");
        for case in of_outcome.iter().take(LISTED) {
            let cells =
                [&case.test_name(), &case.title, &case.found(), &case.requirement.join("; ")].map(|cell| line(cell));
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
        if of_outcome.len() > LISTED {
            let _ = writeln!(text, "\n… and {} more.", of_outcome.len() - LISTED);
        }
        let first = of_outcome.first().filter(|_| outcome.is_red(report.strict));
        if let Some(again) = first.and_then(|case| Again::in_report(report, case)) {
            let _ = writeln!(text, "\nThe first again, with every request: <code>{}</code>", line(&again.run()));
        }
        text.push_str("\n</details>\n");
    }
    Ok(text)
}
