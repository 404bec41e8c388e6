//! What a reader sees first: the verdict, what was judged and when, and the
//! counts. The problems follow in [`super::problem_list`].

use maud::{Markup, html};

use super::page::{prose, target};
use super::tone::Tone;
use crate::report::time::duration;
use crate::report::{Outcome, Report};

pub(super) fn first_screen(report: &Report) -> Markup {
    let tone = if report.exit_code == 0 { Tone::Good } else { Tone::Red };
    html! {
        header.first {
            p.brand { "OpenID Connect conformance" }
            h1.(tone.class()) { (report.verdict()) }
            @if let Some(notice) = report.notice() { p.notice { (notice) } }
            p.target {
                b { (target(report)) }
                @if let Some((when, words)) = report.date.as_ref().zip(report.dates()) { ", " time datetime=(when) { (words) } }
            }
            @if !report.results.is_empty() { (bar(report)) }
            ul.counts {
                @for outcome in Outcome::ALL.iter().filter(|outcome| report.counts.get(**outcome) > 0) {
                    li.(Tone::of(*outcome, report.strict).class()) {
                        b { (report.counts.get(*outcome)) } " " (outcome.name_of(report.counts.get(*outcome)))
                    }
                }
            }
            (facts(report))
        }
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
            @for one in report.sign_ins.iter().filter(|one| !one.fails()) { div { dt { "Sign-in" } dd { (prose(&one.text)) } } }
            div { dt { "Took" } dd { (duration(report.milliseconds)) } }
            div { dt { "Seed" } dd { (report.seed) } }
            div { dt { "Harness" } dd { (report.harness) } }
        }
    }
}
