//! What the server does wrong, the worst first: each problem with what to know of
//! it and the tests that show it. How they are gathered is in
//! [`crate::report::problem`]; the tests themselves stand in [`super::scenario`].

use maud::{Markup, html};

use super::page::{command, prose, requirement};
use crate::level::Level;
use crate::plural::counted;
use crate::report::problem::{Problem, ProblemScenario, severities};
use crate::report::{CaseReport, Report};
use crate::severity::Severity;

/// So many problems are open.
const OPEN: usize = 5;

/// So many scenarios of a problem are shown at once.
const NAMED: usize = 8;

/// So many characters of what a server answered stand in a line.
const LONGEST: usize = 400;

pub(super) fn problem_list(report: &Report, problems: &[Problem<'_>]) -> Markup {
    html! {
        @if !problems.is_empty() {
            section.problems aria-labelledby="problems" {
                h2 #problems {
                    (counted(problems.len(), "problem", "problems")) span.quiet { "severity: " (severities(problems)) }
                }
                @for (index, problem) in problems.iter().enumerate() { (item(report, problem, index)) }
            }
        }
    }
}

fn item(report: &Report, problem: &Problem<'_>, index: usize) -> Markup {
    let tone = if problem.level == Level::Must || report.strict { "red" } else { "odd" };
    html! {
        details.problem.(tone) id={ "problem-" (index + 1) } open[index < OPEN] {
            summary {
                h3 { (index + 1) ". " (prose(&problem.headline())) }
                span.badge.(class(problem.severity)) { (problem.severity) }
                span.quiet { (problem.extent()) }
            }
            div.inside {
                dl {
                    @for (name, text) in facts(report, problem) { div { dt { (name) } dd { (prose(&clipped(&text))) } } }
                    @if !problem.requirements.is_empty() {
                        div {
                            dt { @if problem.level == Level::Must { "Required by" } @else { "Recommended by" } }
                            dd.asked { @for one in &problem.requirements { (requirement(one)) } }
                        }
                    }
                    @if let Some(why) = problem.consequence(&report.sources) { div { dt { "Why" } dd { (prose(&why)) } } }
                    @if let Some(advice) = problem.advice { div { dt { "Advice" } dd { (prose(advice)) } } }
                    div { dt { "Shown by" } dd { (shown_by(&problem.scenarios)) } }
                    @if let Some(explain) = problem.explanation() { div { dt { "Explain" } dd.again { (command(&explain)) } } }
                    @if let Some(again) = problem.again(report) { div { dt { "Run again" } dd.again { (command(&again)) } } }
                }
            }
        }
    }
}

/// What the test that shows it best found.
fn facts(report: &Report, problem: &Problem<'_>) -> Vec<(&'static str, String)> {
    let example = problem.example();
    let reason = example.filter(|_| problem.routes.is_empty()).and_then(CaseReport::found_first);
    let found = problem.found().or(reason.map(ToOwned::to_owned));
    let all = [
        ("Found", found),
        ("Routes", problem.routes_in_words(usize::MAX)),
        ("Where", problem.place().map(ToOwned::to_owned)),
        ("Session", problem.foreign_owner.map(|owner| owner.words().to_owned())),
        ("Given", problem.givens(&report.sources)),
        ("Steps", problem.steps_in_words()),
        ("Altered", problem.alteration()),
        ("Provider refused", problem.refusal()),
        ("Provider received", problem.requests()),
        ("See also", problem.see_also.clone()),
    ];
    all.into_iter().filter_map(|(name, text)| Some((name, text?))).collect()
}

fn clipped(text: &str) -> String {
    let short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() { short + "…" } else { short }
}

fn shown_by(scenarios: &[ProblemScenario<'_>]) -> Markup {
    let (first, others) = scenarios.split_at(scenarios.len().min(NAMED));
    html! {
        ul { @for scenario in first { (tests(scenario)) } }
        @if !others.is_empty() {
            details.more {
                summary { (counted(others.len(), "more scenario", "more scenarios")) }
                ul { @for scenario in others { (tests(scenario)) } }
            }
        }
    }
}

/// A scenario and its cases, each leading to what happened in it.
fn tests(scenario: &ProblemScenario<'_>) -> Markup {
    let cases = || scenario.cases.iter().filter_map(|case| Some((case.case.as_deref()?, case.test_name())));
    html! {
        li {
            a href={ "#" (scenario.name) } { (scenario.name) }
            @for (name, address) in cases() { " " a.shows href={ "#" (address) } { (name) } }
        }
    }
}

const fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "red",
        Severity::Medium => "odd",
        Severity::Low => "open",
    }
}
