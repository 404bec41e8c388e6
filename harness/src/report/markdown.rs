//! The report as Markdown, for the step summary of GitHub Actions and for
//! comments.

use std::fmt::Write;

use super::format::{Format, FormatError, Rendering, Style};
use super::problem::{Problem, Tally, problems, tallies};
use super::shape::Report;
use crate::escape::markdown as line;
use crate::plural::counted;

pub(super) static MARKDOWN: Format = Format {
    name: "markdown",
    text: "a summary, for example for $GITHUB_STEP_SUMMARY",
    rendering: Rendering::Text(markdown),
    ending: None,
    after_live: None,
    shows_steps: false,
};

/// So many problems, or reasons, are listed; a step summary has a limit.
const LISTED: usize = 200;

/// So many problems are open.
const OPEN: usize = 5;

/// So many scenarios of a problem are listed.
const NAMED: usize = 10;

#[expect(clippy::unnecessary_wraps, reason = "formats are written alike")]
fn markdown(report: &Report, _: Style) -> Result<String, FormatError> {
    let mut text = format!("## {}\n\n", line(&report.verdict()));
    let target = report.target.as_ref();
    let target = target.map_or_else(|| "no server".to_owned(), |target| format!("{} {}", target.url, target.version));
    let tests = counted(report.results.len(), "test", "tests");
    let counts = report.counts.listed();
    let date = report.dates().map(|dates| format!(", {dates}")).unwrap_or_default();
    let _ = writeln!(text, "{tests} against {}{}: {}.", line(&target), line(&date), counts.join(", "));
    for statement in report.statements() {
        let _ = writeln!(text, "\n{}.", line(&statement));
    }
    if let Some(notice) = report.notice() {
        let _ = writeln!(text, "\n**{}**", line(&notice));
    }
    if let Some(baseline) = &report.baseline {
        let _ = writeln!(text, "\nJudged with the baseline {}.", line(baseline));
    }
    if let Some(unmeasured) = &report.unmeasured {
        let _ = writeln!(text, "\n{}.", line(unmeasured));
    }
    for sign_in in report.told_sign_ins() {
        let _ = writeln!(text, "\n{}.", line(&sign_in.line()));
    }
    let problems = problems(report);
    for (index, problem) in problems.iter().take(LISTED).enumerate() {
        section(report, problem, index < OPEN, &mut text);
    }
    if problems.len() > LISTED {
        let _ = writeln!(text, "\n… and {}.", counted(problems.len() - LISTED, "more problem", "more problems"));
    }
    for tally in tallies(report) {
        reasons(report, &tally, &mut text);
    }
    Ok(text)
}

/// A problem: what shows it, and how to see it again.
fn section(report: &Report, problem: &Problem<'_>, is_open: bool, text: &mut String) {
    let open = if is_open { " open" } else { "" };
    let _ = writeln!(text, "\n<details{open}><summary>{}: {}</summary>\n", problem.severity, line(&problem.headline()));
    let requirement = Some(problem.requirements.join("; ")).filter(|text| !text.is_empty());
    let facts = [
        ("found", problem.found()),
        ("routes", problem.routes_in_words(NAMED)),
        ("where", problem.place().map(ToOwned::to_owned)),
        ("given", problem.givens(&report.sources)),
        ("steps", problem.steps_in_words()),
        ("altered", problem.alteration()),
        ("provider", problem.refusal()),
        (problem.level.name(), requirement),
        ("advice", problem.advice.map(ToOwned::to_owned)),
    ];
    for (name, fact) in facts.iter().filter_map(|(name, fact)| Some((name, fact.as_ref()?))) {
        let _ = writeln!(text, "- {name}: {}", line(fact));
    }
    let _ = writeln!(text, "- shown by {}:", problem.extent());
    for scenario in problem.scenarios.iter().take(NAMED) {
        let cases: Vec<&str> = scenario.cases.iter().filter_map(|case| case.case.as_deref()).collect();
        let cases = if cases.is_empty() { String::new() } else { format!(": {}", cases.join(", ")) };
        let _ = writeln!(text, "  - {}{}", line(scenario.name), line(&cases));
    }
    if problem.scenarios.len() > NAMED {
        let _ = writeln!(text, "  - … and {} more", problem.scenarios.len() - NAMED);
    }
    if let Some(again) = problem.again(report) {
        let _ = writeln!(text, "- again, with every request: <code>{}</code>", line(&again));
    }
    text.push_str("\n</details>\n");
}

/// The tests of another outcome, by reason.
fn reasons(report: &Report, tally: &Tally<'_>, text: &mut String) {
    let count = tally.count();
    let open = if tally.outcome.is_red(report.strict) { " open" } else { "" };
    let _ = writeln!(text, "\n<details{open}><summary>{count} {}</summary>\n", tally.outcome.name_of(count));
    for reason in tally.reasons.iter().take(LISTED) {
        let more = if reason.count > 1 { format!(" and {} more", reason.count - 1) } else { String::new() };
        let _ = writeln!(text, "- {}{more}: {}", line(&reason.example.test_name()), line(reason.text));
    }
    text.push_str("\n</details>\n");
}
