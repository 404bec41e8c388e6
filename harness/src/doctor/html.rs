//! A diagnosis as a page, in the look of a run's page.

use maud::{Markup, html};

use super::check::Status;
use super::diagnosis::{CheckResult, Diagnosis};
use super::terminal::summary;
use crate::report::{prose, shell};

/// Each status that needs a look, with its heading and its tone in the style sheet.
const OPEN: &[(Status, &str, &str)] = &[(Status::Problem, "Problems", "red"), (Status::Warning, "Warnings", "odd")];

/// The other ones, each with its heading and its tone.
const FOLDED: &[(Status, &str, &str)] = &[(Status::Unknown, "Unknown", "open"), (Status::Ok, "OK", "good")];

/// Returns the diagnosis as a page in one file.
pub fn html_page(diagnosis: &Diagnosis) -> String {
    let verdict = match diagnosis.count(Status::Problem) {
        0 => "No problems found",
        _ => "Sign-in fails",
    };
    let tone = if diagnosis.count(Status::Problem) == 0 { "good" } else { "red" };
    let body = html! {
        header.first {
            p.brand { "OpenID Connect doctor" }
            h1.(tone) { (verdict) }
            p.target { (summary(diagnosis)) }
            dl.facts {
                @for (name, value) in facts(diagnosis) { div { dt { (name) } dd { (value) } } }
            }
        }
        @for (status, heading, tone) in OPEN {
            @if diagnosis.count(*status) > 0 {
                section.problems aria-labelledby=(status.word()) {
                    h2 id=(status.word()) { (heading) }
                    @for check in of(diagnosis, *status) { (item(check, tone)) }
                }
            }
        }
        section.reasons {
            @for (status, heading, tone) in FOLDED {
                @if diagnosis.count(*status) > 0 {
                    details.problem.(tone) open[*status == Status::Unknown] {
                        summary { h3 { (heading) } span.quiet { (diagnosis.count(*status)) } }
                        div.inside { ul { @for check in of(diagnosis, *status) { (line(check)) } } }
                    }
                }
            }
        }
    };
    shell(verdict, &body)
}

fn of(diagnosis: &Diagnosis, status: Status) -> impl Iterator<Item = &CheckResult> {
    diagnosis.checks.iter().filter(move |check| check.status == status)
}

fn facts(diagnosis: &Diagnosis) -> Vec<(&'static str, &str)> {
    let known = [
        ("Server", diagnosis.server.as_deref()),
        ("Issuer", diagnosis.issuer.as_deref()),
        ("Product", diagnosis.product.as_deref()),
        ("Harness", Some(diagnosis.harness.as_str())),
    ];
    known.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn item(check: &CheckResult, tone: &str) -> Markup {
    html! {
        details.problem.(tone) id=(check.check) open {
            summary { h3 { (prose(&check.sentence)) } span.quiet { (check.check) } }
            div.inside {
                dl {
                    @if !check.cause.is_empty() { div { dt { "Cause" } dd { code { (check.cause) } } } }
                    @if let Some(seen) = &check.seen { div { dt { "Seen" } dd { (seen) } } }
                    @if !check.change.is_empty() {
                        div { dt { "To do" } dd { ul { @for change in &check.change { li { (prose(change)) } } } } }
                    }
                    @if let Some(source) = &check.source {
                        div { dt { "Documentation" } dd { a href=(source) { (source) } } }
                    }
                }
            }
        }
    }
}

fn line(check: &CheckResult) -> Markup {
    html! {
        li {
            (prose(&check.sentence))
            @for change in &check.change { " " (prose(change)) }
            " " span.quiet { (check.check) }
        }
    }
}
