//! The honest sign-in before the tests: a line where it works, or else why it
//! fails, with every request.

use maud::{Markup, html};

use super::page::prose;
use super::swim_lane::lane;
use crate::report::{Report, SignInReport};

pub(super) fn sign_ins(report: &Report) -> Markup {
    let failed: Vec<&SignInReport> = report.sign_ins.iter().filter(|one| one.fails()).collect();
    html! {
        @if !failed.is_empty() {
            section.problems aria-labelledby="sign-in" {
                h2 #sign-in { "The honest sign-in before the tests" }
                @for one in failed { (item(one, report.ended_at().is_some_and(|end| std::ptr::eq(end, one)))) }
            }
        }
    }
}

/// A sign-in at which the run ended stands above as the page's notice.
fn item(sign_in: &SignInReport, is_end: bool) -> Markup {
    html! {
        details.problem.red open {
            summary { h3 { @if is_end { "Cause and requests" } @else { (prose(&sign_in.line())) } } }
            div.inside {
                dl {
                    @for (name, text) in [("Likely cause", &sign_in.cause), ("Advice", &sign_in.advice)] {
                        @if let Some(text) = text { div { dt { (name) } dd { (prose(text)) } } }
                    }
                }
                (lane(&sign_in.exchanges, None))
            }
        }
    }
}
