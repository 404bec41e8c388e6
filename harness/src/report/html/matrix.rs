//! Which topics were judged by which specifications, and how it went: a table
//! that leads to the scenarios, and the filter over them.

use maud::{Markup, html};

use super::tone::Tone;
use super::topics::{FAMILIES, Group, topics};
use crate::report::{CaseReport, Outcome, Report};

pub(super) fn matrix(report: &Report, groups: &[Group<'_>]) -> Markup {
    html! {
        details.folded {
            summary { h2 #matrix { "By topic and specification" } }
            div.wide tabindex="0" role="region" aria-labelledby="matrix" {
                table.matrix {
                    thead {
                        tr {
                            th scope="col" { "Topic" }
                            th scope="col" { "All" }
                            @for family in FAMILIES { th scope="col" { abbr title=(family.text) { (family.name) } } }
                        }
                    }
                    tbody {
                        @for topic in topics(groups) {
                            @let cases = || groups.iter().filter(|group| group.topic() == topic).flat_map(|group| group.cases.iter().copied());
                            tr {
                                th scope="row" { a href={ "#topic-" (topic) } data-topic=(topic) data-asked="" { (topic) } }
                                (cell(report, topic, "", &cases().collect::<Vec<_>>()))
                                @for family in FAMILIES {
                                    @let asked = cases().filter(|case| case.requirement.iter().any(|one| family.has(one)));
                                    (cell(report, topic, family.name, &asked.collect::<Vec<_>>()))
                                }
                            }
                        }
                    }
                }
            }
            p.quiet {
                "The number of tests that passed; in bold, the number of tests that did not"
                span.of { ", of how many" }
                ". A test that several specifications require counts under each of them."
            }
        }
    }
}

/// How many there are; how many are not good, if any are.
fn cell(report: &Report, topic: &str, family: &str, cases: &[&CaseReport]) -> Markup {
    let tones: Vec<Tone> = cases.iter().map(|case| Tone::of(case.result.outcome, report.strict)).collect();
    let Some(loudest) = tones.iter().min() else { return html! { td.none {} } };
    let loud = tones.iter().filter(|tone| *tone == loudest).count();
    let words = match loudest {
        Tone::Good => "passed",
        Tone::Open => "proved nothing",
        Tone::Odd => "findings or known",
        Tone::Red => "failed",
    };
    html! {
        td {
            a.(loudest.class()) href={ "#topic-" (topic) } data-topic=(topic) data-asked=(family)
                title={ (loud) " of " (cases.len()) " " (words) } {
                @if *loudest == Tone::Good { (cases.len()) }
                @else { b { (loud) } span.of { "/" (cases.len()) } }
                span.unseen { " " (words) }
            }
        }
    }
}

/// Shown by the script, which makes it work.
pub(super) fn filter(report: &Report, groups: &[Group<'_>]) -> Markup {
    let outcomes = Outcome::ALL.iter().filter(|outcome| report.counts.get(**outcome) > 0);
    html! {
        form #filter hidden role="search" aria-label="Filter scenarios" {
            label.grow { span { "Search" } input #search type="search" autocomplete="off" placeholder="name, title, requirement"; }
            (choice("outcome", "Result", outcomes.map(|outcome| outcome.name())))
            (choice("topic", "Topic", topics(groups)))
            (choice("asked", "Required by", FAMILIES.iter().map(|family| family.name)))
            p #shown.quiet role="status" {}
        }
    }
}

fn choice<'a>(id: &str, name: &str, options: impl IntoIterator<Item = &'a str>) -> Markup {
    html! {
        label { span { (name) }
            select id=(id) {
                option value="" { "all" }
                @for option in options { option { (option) } }
            }
        }
    }
}
