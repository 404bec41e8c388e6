//! What one sees first: the verdict, what was judged, counts, and what does
//! not hold, in plain words.

use maud::{Markup, html};

use super::page::prose;
use super::page::target;
use super::tone::Tone;
use super::topics::Group;
use crate::level::Level;
use crate::plural::counted;
use crate::report::{CaseReport, Outcome, Report};
use crate::severity::Severity;

/// How many findings of a kind are shown at once.
const AT_ONCE: usize = 8;

pub(super) fn first_screen(report: &Report, groups: &[Group<'_>]) -> Markup {
    let tone = if report.exit_code == 0 { Tone::Good } else { Tone::Red };
    html! {
        header.first {
            p.brand { "OpenID Connect conformance" }
            h1.(tone.class()) { (report.verdict()) }
            @if let Some(notice) = report.notice() { p.notice { (notice) } }
            p.target { (counted(report.results.len(), "test", "tests")) " against " b { (target(report)) } }
            (bar(report))
            ul.counts {
                @for outcome in Outcome::ALL.iter().filter(|outcome| report.counts.get(**outcome) > 0) {
                    li.(Tone::of(*outcome, report.strict).class()) {
                        b { (report.counts.get(*outcome)) } " " (outcome.name_of(report.counts.get(*outcome)))
                    }
                }
            }
            (facts(report))
        }
        (findings(report, groups))
    }
}

/// How the results share the whole; the list below says the same.
fn bar(report: &Report) -> Markup {
    let of_tone =
        |tone: Tone| report.results.iter().filter(|case| Tone::of(case.result.outcome, report.strict) == tone).count();
    let tones = [Tone::Red, Tone::Odd, Tone::Open, Tone::Good];
    let starts = tones.iter().scan(0, |sum, tone| {
        let start = *sum;
        *sum += of_tone(*tone);
        Some(start)
    });
    html! {
        svg.bar viewBox={ "0 0 " (report.results.len().max(1)) " 1" } preserveAspectRatio="none" aria-hidden="true" {
            @for (tone, start) in tones.iter().zip(starts) {
                rect.(tone.class()) x=(start) y="0" width=(of_tone(*tone)) height="1" {}
            }
        }
    }
}

fn facts(report: &Report) -> Markup {
    html! {
        dl.facts {
            @if let Some(baseline) = &report.baseline { div { dt { "Baseline" } dd { (baseline) } } }
            @if let Some(unmeasured) = &report.unmeasured { div { dt { "Baseline" } dd { (prose(unmeasured)) } } }
            @if let Some(target) = report.target.as_ref().filter(|target| !target.defects.is_empty()) {
                div { dt { "Planted" } dd { (target.defects.join(", ")) } }
            }
            div { dt { "Time" } dd { (report.seconds()) " s" } }
            div { dt { "Seed" } dd { (report.seed) } }
            div { dt { "Harness" } dd { (report.harness) } }
        }
    }
}

/// Findings that are read together: what they are, what that means, and which.
struct FindingGroup<'a> {
    name: String,
    meaning: &'static str,
    tone: Tone,
    /// Whether what the server does has words of its own, in the baseline.
    is_known: bool,
    has: Box<dyn Fn(&CaseReport) -> bool + 'a>,
}

fn kinds<'a>(report: &Report) -> Vec<FindingGroup<'a>> {
    let kind = |name: &str, meaning, tone, outcomes: &'static [Outcome]| FindingGroup {
        name: name.to_owned(),
        meaning,
        tone,
        is_known: false,
        has: Box::new(move |case: &CaseReport| outcomes.contains(&case.result.outcome)),
    };
    let of_findings = Tone::of(Outcome::Finding, report.strict);
    let mut kinds = vec![
        kind("Required, and not so", "A specification, or Immich itself, says must.", Tone::Red, &[Outcome::Failed]),
        kind("Could not be judged", "Something else went wrong first.", Tone::Red, &[Outcome::Blocked, Outcome::Error]),
        kind(
            "The baseline is out of date",
            "What it calls known is not so any more.",
            Tone::Red,
            &[Outcome::UnexpectedPass, Outcome::StaleEntry],
        ),
        kind("Recommended, and not so", "A specification says should.", of_findings, &[Outcome::Finding]),
    ];
    for (severity, meaning) in Severity::ALL {
        kinds.push(FindingGroup {
            name: format!("Known, severity {severity}"),
            meaning,
            tone: Tone::Odd,
            is_known: true,
            has: Box::new(move |case| {
                case.result.outcome == Outcome::Known && case.severity.unwrap_or(Severity::Low) == *severity
            }),
        });
    }
    kinds.push(kind(
        "Never put to the test",
        "The server did not ask for what was altered.",
        Tone::Open,
        &[Outcome::NotExercised],
    ));
    kinds
}

fn findings(report: &Report, groups: &[Group<'_>]) -> Markup {
    let kinds = kinds(report);
    let sections: Vec<(&FindingGroup<'_>, Vec<Markup>)> = kinds
        .iter()
        .map(|kind| (kind, if kind.is_known { causes(kind, groups) } else { items(kind, groups) }))
        .filter(|(_, items)| !items.is_empty())
        .collect();
    html! {
        @if !sections.is_empty() {
            section.findings aria-labelledby="findings" {
                h2 #findings { "What was found" }
                @for (kind, items) in &sections {
                    div.kind.(kind.tone.class()) {
                        h3 { (kind.name) " " span.count { (items.len()) } }
                        p.quiet { (kind.meaning) }
                        ul { @for item in items.iter().take(AT_ONCE) { (item) } }
                        @if items.len() > AT_ONCE {
                            details { summary { (items.len() - AT_ONCE) " more" }
                                ul { @for item in items.iter().skip(AT_ONCE) { (item) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// One line for each scenario of which a test is of that kind.
fn items(kind: &FindingGroup<'_>, groups: &[Group<'_>]) -> Vec<Markup> {
    let mut items = Vec::new();
    for group in groups {
        let cases: Vec<&&CaseReport> = group.cases.iter().filter(|case| (kind.has)(case)).collect();
        let Some(first) = cases.first() else { continue };
        let level = if first.level == Level::Must { "" } else { first.level.name() };
        items.push(html! {
            li {
                a href={ "#" (first.test_name()) } {
                    @if first.title.is_empty() { (first.test_name()) } @else { (prose(&first.title)) }
                }
                @if let Some(found) = first.found_first() { span.found { (prose(found)) } }
                span.quiet {
                    (group.name)
                    @if cases.len() > 1 { ", " (cases.len()) " of " (group.cases.len()) " cases" }
                    @if !level.is_empty() { ", " (level) }
                }
            }
        });
    }
    items
}

/// One for each thing that the server does, with all that shows it.
fn causes(kind: &FindingGroup<'_>, groups: &[Group<'_>]) -> Vec<Markup> {
    let mut known: Vec<(&str, Vec<&CaseReport>)> = Vec::new();
    for group in groups {
        let mut seen: Vec<&str> = Vec::new();
        for case in group.cases.iter().filter(|case| (kind.has)(case)) {
            let reason = case.result.reason.as_deref().unwrap_or_default();
            if seen.contains(&reason) {
                continue;
            }
            seen.push(reason);
            match known.iter_mut().find(|(other, _)| *other == reason) {
                Some((_, cases)) => cases.push(case),
                None => known.push((reason, vec![case])),
            }
        }
    }
    let item = |(reason, cases): &(&str, Vec<&CaseReport>)| {
        html! {
            li.cause {
                b { "It " (prose(reason)) }
                span.shown-by {
                    @for case in cases { a href={ "#" (case.test_name()) } { (case.scenario) } }
                }
            }
        }
    };
    known.iter().map(item).collect()
}
