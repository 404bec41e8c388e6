//! One problem, in a few lines.

use std::collections::BTreeMap;

use super::excerpt::excerpt;
use crate::diagnostic::Source;
use crate::escape::terminal;
use crate::paragraph::{command, paragraph};
use crate::plural::counted;
use crate::report::problem::{Problem, ProblemScenario};
use crate::report::rerun::Again;
use crate::report::{Outcome, Report, SourceReport};
use crate::scenario::Catalogue;

/// So many names of scenarios stand in a block.
const NAMED: usize = 3;

/// So many cases of a scenario stand in a block.
const CASES: usize = 6;

/// So many routes stand in a block.
const ROUTES: usize = 4;

/// What stands before every line but the first.
const INDENT: &str = "   ";

/// What a block takes from the report beside the problem.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub(super) sources: &'a BTreeMap<String, SourceReport>,
    /// The flags by which the same is judged again.
    pub(super) flags: &'a str,
    pub(super) colour: bool,
    /// Whether every test is named.
    pub(super) all: bool,
    /// Whether the block says why the requirement matters.
    pub(super) why: bool,
}

/// Returns the lines of a problem; `number` stands before it.
pub(super) fn block(problem: &Problem<'_>, number: &str, around: &Surroundings<'_>) -> Vec<String> {
    let mut lines: Vec<String> =
        paragraph(number, &format!("{} ({})", terminal(&problem.headline()), problem.severity))
            .into_iter()
            .map(|line| bold(&line, around.colour))
            .collect();
    let fact = |name: &str, text: &str| paragraph(&format!("{INDENT}{name:<10}"), &terminal(text));
    let Some(example) = problem.example() else { return lines };
    let source = around.sources.get(&example.scenario);
    if let Some((diagnostic, source)) = problem.diagnostic().zip(source) {
        lines.extend(excerpt(diagnostic, source, INDENT).into_iter().flatten());
    }
    lines.extend(problem.finding().into_iter().flat_map(|found| fact("found", &found)));
    lines.extend(problem.routes_in_words(ROUTES).into_iter().flat_map(|routes| fact("routes", &routes)));
    lines.extend(problem.place().into_iter().flat_map(|place| fact("where", place)));
    if let (Outcome::Failed | Outcome::Finding, Some(reason)) = (example.result.outcome, &example.result.reason) {
        lines.extend(fact("reason", reason));
    }
    lines.extend(problem.foreign_owner.into_iter().flat_map(|owner| fact("session", owner.words())));
    lines.extend(problem.givens(around.sources).into_iter().flat_map(|givens| fact("given", &givens)));
    let steps = problem.steps().into_iter();
    lines.extend(steps.flat_map(|(number, sentence)| fact(&format!("step {number}"), sentence)));
    lines.extend(problem.alteration().into_iter().flat_map(|altered| fact("altered", &altered)));
    lines.extend(problem.refusal().into_iter().flat_map(|refusal| fact("provider", &refusal)));
    lines.extend(problem.requests().into_iter().flat_map(|requests| fact("provider", &format!("received {requests}"))));
    let explanation = problem.explanation().into_iter();
    lines.extend(explanation.flat_map(|typed| command(&format!("{INDENT}{:<10}", "explain"), &terminal(&typed))));
    let asked = problem.requirements.iter().take(NAMED).copied().collect::<Vec<_>>().join("; ");
    let more = if problem.requirements.len() > NAMED { "; …" } else { "" };
    if !asked.is_empty() {
        lines.extend(fact(problem.level.name(), &format!("{asked}{more}")));
    }
    let why = around.why.then(|| problem.consequence(around.sources)).flatten();
    lines.extend(why.into_iter().flat_map(|why| fact("why", &why)));
    let is_own = |source: &&SourceReport| !Catalogue::is_built_in(&example.scenario, &source.text);
    lines.extend(source.filter(is_own).and_then(|_| problem.doubt()).into_iter().flat_map(|doubt| fact("help", doubt)));
    lines.extend(problem.see_also.iter().flat_map(|other| fact("see also", other)));
    lines.extend(problem.advice.into_iter().flat_map(|advice| fact("advice", advice)));
    lines.extend(tests(problem, around.all, &fact));
    let place = source.map(|source| (source.path.as_str(), source.text.as_str()));
    if let Some(again) = place.and_then(|place| Again::of(example, place, around.flags)) {
        lines.extend(command(&format!("{INDENT}{:<10}", "again"), &terminal(&again.run())));
    }
    lines
}

/// How many tests show it, and their scenarios.
fn tests(problem: &Problem<'_>, all: bool, fact: &impl Fn(&str, &str) -> Vec<String>) -> Vec<String> {
    if all {
        let names = problem.cases().map(|case| format!("{INDENT}{:<10}{}", "", terminal(&case.test_name())));
        return fact("tests", &problem.extent()).into_iter().chain(names).collect();
    }
    if let ([scenario], 1) = (problem.scenarios.as_slice(), problem.cases().count()) {
        return fact("test", &scenario.cases[0].test_name());
    }
    let subjects = problem.subjects(NAMED);
    if !subjects.is_empty() {
        let mut lines = fact("tests", &problem.extent());
        lines.extend(subjects.iter().flat_map(|(name, sentence)| fact("", &format!("{name}: {sentence}"))));
        return lines;
    }
    let names: Vec<&str> = problem.scenarios.iter().take(NAMED).map(|scenario| scenario.name).collect();
    let more = if problem.scenarios.len() > NAMED { ", …" } else { "" };
    let mut lines = fact("tests", &format!("{}: {}{more}", problem.extent(), names.join(", ")));
    if let ([scenario], []) = (problem.scenarios.as_slice(), problem.only.as_slice()) {
        lines.extend(fact("cases", &cases(scenario)));
    }
    lines
}

/// Returns the cases of a scenario that failed: `a, b and 3 more`.
fn cases(scenario: &ProblemScenario<'_>) -> String {
    let all: Vec<&str> = scenario.cases.iter().filter_map(|case| case.case.as_deref()).collect();
    let (first, others) = all.split_at(all.len().min(CASES));
    let more = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
    first.join(", ") + &more
}

fn bold(line: &str, colour: bool) -> String {
    if colour { format!("\u{1b}[1m{line}\u{1b}[0m") } else { line.to_owned() }
}

/// Returns the headline of a problem, with how many tests show it.
pub(super) fn headline(problem: &Problem<'_>, number: &str) -> Vec<String> {
    let extent = format!("({}, {})", problem.severity, counted(problem.cases().count(), "test", "tests"));
    paragraph(number, &format!("{} {extent}", terminal(&problem.headline())))
}

/// Returns a problem of the scenario in `source`, in the form of a run's report.
/// `flags` are the flags that repeat the judgement.
pub fn failed_test(problem: &Problem<'_>, source: &Source, flags: &str) -> String {
    let text = SourceReport { path: source.path.display().to_string(), text: source.text.clone() };
    let sources = problem.scenarios.iter().map(|scenario| (scenario.name.to_owned(), text.clone())).collect();
    let around = Surroundings { sources: &sources, flags, colour: false, all: false, why: true };
    block(problem, "", &around).join("\n") + "\n"
}

impl<'a> Surroundings<'a> {
    /// Of a whole report.
    pub(super) fn of(report: &'a Report, flags: &'a str, colour: bool, all: bool) -> Self {
        Self { sources: &report.sources, flags, colour, all, why: true }
    }
}
