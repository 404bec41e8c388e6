//! One scenario: its file, its tests, and what happened in each.

use std::borrow::Cow;

use maud::{Markup, html};

use super::page::{command, prose, requirement};
use super::swim_lane::{lane, outline};
use super::toml;
use super::tone::Tone;
use super::topics::Group;
use crate::report::problem::altered_exchange;
use crate::report::rerun::Again;
use crate::report::time::duration;
use crate::report::{CaseReport, Outcome, Report, StepFileError, StepReport};

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Depth {
    /// The results alone.
    Brief,
    /// Exchanges are lines.
    Outline,
    /// Every exchange opens.
    Whole,
}

/// A test with its steps.
type Shown<'a> = (&'a CaseReport, Cow<'a, [StepReport]>);

pub(super) fn article(report: &Report, group: &Group<'_>, depth: Depth) -> Result<Markup, StepFileError> {
    let tone = group.tone(report.strict);
    let shown = group.cases.iter().filter(|_| depth > Depth::Brief);
    let tests: Vec<Shown<'_>> = shown.map(|case| Ok((*case, case.steps.read()?))).collect::<Result<_, _>>()?;
    let (passed, others): (Vec<Shown<'_>>, Vec<Shown<'_>>) =
        tests.into_iter().partition(|(case, _)| case.result.outcome == Outcome::Passed);
    // Where there are no cases, the one test has the scenario's own name.
    let own = group.cases.iter().all(|case| case.case.is_some()).then_some(group.name);
    Ok(html! {
        details.scenario.(tone.class()) {
            summary {
                span.marks {
                    @for (outcome, count) in group.outcomes(report.strict) {
                        span.badge.(Tone::of(outcome, report.strict).class()) {
                            @if group.cases.len() > 1 { (count) " " } (outcome.name_of(count))
                        }
                    }
                }
                span.title { @if group.title().is_empty() { (group.name) } @else { (prose(group.title())) } }
                span.name { (group.name) }
            }
            div.inside id=[own] {
                p.asked {
                    @for one in group.requirements() { (requirement(one)) }
                }
                @if depth == Depth::Brief {
                    @for case in &group.cases { (result(report, case)) }
                    (too_large())
                } @else {
                    (toml::file(group))
                    @for shown in &others { (test(report, group, shown, depth)) }
                    (all_passed(report, &passed))
                }
            }
        }
    })
}

/// Renders a test without details, where the page has no room for them.
fn result(report: &Report, case: &CaseReport) -> Markup {
    let outcome = case.result.outcome;
    html! {
        p id=(case.test_name()) {
            span.badge.(Tone::of(outcome, report.strict).class()) { (outcome.name()) } " "
            (case.case.as_deref().unwrap_or(&case.scenario))
        }
    }
}

fn too_large() -> Markup {
    html! { p.quiet { "The page leaves out some headers and bodies. The JSON report has all of them." } }
}

/// A test that did not pass.
fn test(report: &Report, group: &Group<'_>, (case, steps): &Shown<'_>, depth: Depth) -> Markup {
    let outcome = case.result.outcome;
    html! {
        section.test id=(case.test_name()) {
            h4 {
                span.badge.(Tone::of(outcome, report.strict).class()) { (outcome.name()) }
                (case.case.as_deref().unwrap_or(&case.scenario))
                span.quiet {
                    @if !steps.is_empty() { "after " (duration(case.milliseconds)) ", " }
                    (case.level.name())
                    @if let Some(severity) = &case.severity { ", severity " (severity) }
                }
            }
            @if let Some(reason) = &case.result.reason { p { (prose(reason)) } }
            @if case.title != group.title() { p { (prose(&case.title)) } }
            (expectations(case, steps))
            @for step in steps.iter() {
                @if steps.len() > 1 { h5.step { "Step " (step.id) span.quiet { (said(step)) } } }
                @if depth == Depth::Whole { (lane(&step.exchanges, altered_exchange(steps))) }
            }
            @if depth == Depth::Outline && !steps.is_empty() {
                pre.outline { (outline(steps)) }
                (too_large())
            }
            (again(report, case))
        }
    }
}

/// What a step does; of a test that passed, its action.
fn said(step: &StepReport) -> Markup {
    html! { @if step.sentence.is_empty() { (step.action) } @else { (prose(&step.sentence)) } }
}

fn again(report: &Report, case: &CaseReport) -> Markup {
    html! {
        @if let Some(again) = Again::in_report(report, case) {
            p.again { span.quiet { "Run it again" } (command(&again.run())) }
        }
    }
}

/// Expected and actual, side by side.
fn expectations(case: &CaseReport, steps: &[StepReport]) -> Markup {
    let checks = || steps.iter().flat_map(|step: &StepReport| step.checks.iter().map(move |check| (step, check)));
    let several = steps.len() > 1;
    let held: Vec<&str> = checks().filter(|(_, check)| check.held).map(|(_, check)| check.path.as_str()).collect();
    html! {
        @if checks().any(|(_, check)| !check.held) {
            table.expected {
                thead { tr { th scope="col" { "Checked" } th scope="col" { "Expected" } th scope="col" { "Found" } } }
                tbody {
                    @for (step, check) in checks().filter(|(_, check)| !check.held) {
                        tr {
                            th scope="row" {
                                code { (check.path) }
                                @if several { span.quiet { "step " (step.id) } }
                                @if check.level != case.level { span.quiet { (check.level.name()) } }
                            }
                            td data-name="Expected" { (check.expected.as_deref().unwrap_or_default()) }
                            td.actual data-name="Found" { (check.actual.as_deref().unwrap_or_default()) }
                        }
                    }
                }
            }
            @if !held.is_empty() { p.quiet { "As expected: " (held.join(", ")) } }
        }
    }
}

/// Tests that passed; those in which the same went over the wire, together.
fn all_passed(report: &Report, tests: &[Shown<'_>]) -> Markup {
    let mut alike: Vec<(String, Vec<&CaseReport>)> = Vec::new();
    for (case, steps) in tests {
        let text = outline(steps);
        match alike.iter_mut().find(|(known, _)| *known == text) {
            Some((_, cases)) => cases.push(case),
            None => alike.push((text, vec![case])),
        }
    }
    html! {
        @for (text, cases) in &alike {
            section.test {
                h4 {
                    span.badge.good { "passed" }
                    @for case in cases {
                        span.case id=(case.test_name()) { (case.case.as_deref().unwrap_or(&case.scenario)) }
                    }
                }
                @for case in cases {
                    @if let Some(reason) = &case.result.reason { p.quiet { (reason) } }
                }
                @if !text.is_empty() { pre.outline { (text) } }
                @if let Some(first) = cases.first() { (again(report, first)) }
            }
        }
    }
}
