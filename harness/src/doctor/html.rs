//! A diagnosis as a page, in the look of a run's page.

use maud::{Markup, html};

use super::check::Status;
use super::diagnosis::{CheckResult, Diagnosis};
use super::terminal::summary;
use crate::report::{prose, shell};

/// Each status with its heading and its tone in the style sheet, in the order of the
/// page.
const SECTIONS: &[(Status, &str, &str)] = &[
    (Status::Problem, "Problems", "red"),
    (Status::Warning, "Warnings", "odd"),
    (Status::Unknown, "Not known", "open"),
    (Status::Ok, "In order", "good"),
];

/// Returns the diagnosis as a page in one file.
pub fn html_page(diagnosis: &Diagnosis) -> String {
    let verdict = match diagnosis.count(Status::Problem) {
        0 => "Nothing is wrong with sign-in",
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
        @for (status, heading, tone) in SECTIONS {
            @let checks: Vec<_> = diagnosis.checks.iter().filter(|check| check.status == *status).collect();
            @if !checks.is_empty() {
                section.problems aria-labelledby=(status.word()) {
                    h2 id=(status.word()) { (heading) }
                    @for check in checks { (item(check, tone)) }
                }
            }
        }
    };
    shell(verdict, &body)
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
        details.problem.(tone) id=(check.check) open[check.status >= Status::Warning] {
            summary { h3 { (prose(&check.sentence)) } span.quiet { (check.check) } }
            div.inside {
                dl {
                    @if !check.cause.is_empty() { div { dt { "Cause" } dd { code { (check.cause) } } } }
                    @if let Some(seen) = &check.seen { div { dt { "Seen" } dd { (seen) } } }
                    @if !check.change.is_empty() {
                        div { dt { "To do" } dd { ul { @for change in &check.change { li { (prose(change)) } } } } }
                    }
                    @if let Some(source) = &check.source {
                        div { dt { "From its documentation" } dd { a href=(source) { (source) } } }
                    }
                }
            }
        }
    }
}
