//! The tests that neither passed nor show a problem, counted by reason. Who counts
//! them is [`crate::report::problem`].

use maud::{Markup, html};

use super::page::prose;
use super::tone::Tone;
use crate::plural::counted;
use crate::report::problem::{Reason, Tally, tallies};
use crate::report::{Outcome, Report};

pub(super) fn reasons(report: &Report) -> Markup {
    let tallies = tallies(report);
    html! {
        @if !tallies.is_empty() {
            section.reasons aria-labelledby="reasons" {
                h2 #reasons { "Other results by reason" }
                @for tally in &tallies { (group(report, tally)) }
            }
        }
    }
}

fn group(report: &Report, tally: &Tally<'_>) -> Markup {
    let outcome = tally.outcome;
    html! {
        details.problem.(Tone::of(outcome, report.strict).class()) open[outcome.is_red(report.strict)] {
            summary {
                h3 { (tally.count()) " " (outcome.name_of(tally.count())) }
                span.quiet { (counted(tally.reasons.len(), "reason", "reasons")) }
            }
            ul.inside { @for reason in &tally.reasons { (item(outcome, reason)) } }
        }
    }
}

fn item(outcome: Outcome, reason: &Reason<'_>) -> Markup {
    let severity = reason.example.severity.filter(|_| outcome == Outcome::Known);
    let name = reason.example.test_name();
    html! {
        li {
            @if reason.text.is_empty() { "No reason given" } @else { (prose(reason.text)) }
            span.quiet {
                @if let Some(severity) = severity { "severity " (severity) ", " }
                a href={ "#" (name) } { (name) }
                @if reason.count > 1 { " and " (counted(reason.count - 1, "more test", "more tests")) }
            }
        }
    }
}
