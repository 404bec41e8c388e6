//! The report as GitHub workflow commands: an annotation for each problem, on
//! the line of the scenario if that is the user's own file. GitHub shows the
//! first ten of a kind beside the code and the rest in the log.

use std::fmt::Write;

use super::format::{Format, FormatError, Rendering, Style};
use super::problem::{Problem, problems, tallies};
use super::result::Outcome;
use super::shape::{CaseReport, Report};
use crate::escape::{github_message as data, github_property as property};
use crate::invocation::Address;

pub(super) static GITHUB: Format = Format {
    name: "github",
    text: "annotations in GitHub Actions",
    rendering: Rendering::Text(github),
    ending: None,
    after_live: None,
    shows_steps: false,
};

/// So many names of scenarios stand in an annotation.
const NAMED: usize = 5;

#[expect(clippy::unnecessary_wraps, reason = "formats are written alike")]
fn github(report: &Report, _: Style) -> Result<String, FormatError> {
    let mut text = String::new();
    if let Some(notice) = report.notice() {
        let _ = writeln!(text, "::error title={}::{}", property(&report.verdict()), data(&notice));
    }
    for problem in problems(report) {
        let is_red = problem.cases().any(|case| case.result.outcome.is_red(report.strict));
        let command = if is_red { "error" } else { "warning" };
        let title = property(&format!("{} ({})", problem.headline(), problem.severity));
        let file = place(report, &problem);
        let _ = writeln!(text, "::{command} {file}title={title}::{}", data(&message(report, &problem)));
    }
    for tally in tallies(report) {
        let outcome = tally.outcome;
        let command = match outcome {
            _ if outcome.is_red(report.strict) => "error",
            Outcome::NotExercised => "notice",
            _ => continue,
        };
        let count = tally.count();
        let title = property(&format!("{count} {}", outcome.name_of(count)));
        let reasons: Vec<String> =
            tally.reasons.iter().map(|reason| format!("{}: {}", reason.example.test_name(), reason.text)).collect();
        let _ = writeln!(text, "::{command} title={title}::{}", data(&reasons.join("\n")));
    }
    Ok(text)
}

/// Where the best example fails, if the user has its file: built-in scenarios
/// have none.
fn place(report: &Report, problem: &Problem<'_>) -> String {
    let Some(case) = problem.example() else { return String::new() };
    let Some(place) = report.place(case).filter(|_| is_own(report, case)) else { return String::new() };
    format!("file={},line={},col={},", property(place.path), place.line, place.column)
}

fn is_own(report: &Report, case: &CaseReport) -> bool {
    let source = report.sources.get(&case.scenario);
    source.is_some_and(|source| matches!(Address::of(&case.scenario, &source.path, &source.text), Address::File(_)))
}

fn message(report: &Report, problem: &Problem<'_>) -> String {
    let fact = |name: &str, text: Option<String>| text.map(|text| format!("{name}: {text}"));
    let requirement = Some(problem.requirements.join("; ")).filter(|text| !text.is_empty());
    let names: Vec<&str> = problem.scenarios.iter().map(|scenario| scenario.name).take(NAMED).collect();
    let lines = [
        problem.found(),
        fact("routes", problem.routes_in_words(NAMED)),
        fact("where", problem.place().map(ToOwned::to_owned)),
        fact("given", problem.givens(&report.sources)),
        fact("steps", problem.steps_in_words()),
        fact("altered", problem.alteration()),
        fact("provider", problem.refusal()),
        fact(problem.level.name(), requirement),
        fact("advice", problem.advice.map(ToOwned::to_owned)),
        fact(&problem.extent(), Some(names.join(", "))),
        fact("again", problem.again(report)),
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}
