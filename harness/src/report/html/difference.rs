//! Two reports held against each other, as a page.

use maud::{Markup, html};

use super::page::{prose, shell};
use super::target;
use crate::report::{Change, Difference, Report};

/// What broke, what was mended, what is new and what is gone, as a page.
pub fn difference_page(difference: &Difference, old: &Report, new: &Report) -> String {
    let tone = if difference.broke.is_empty() { "good" } else { "red" };
    let headline = difference.headline();
    let body = html! {
        header.first {
            p.brand { "OpenID Connect conformance, compared" }
            h1.(tone) { (headline) }
            dl.facts {
                div { dt { "Before" } dd { (target(old)) ", " (old.counts.listed().join(", ")) } }
                div { dt { "Now" } dd { (target(new)) ", " (new.counts.listed().join(", ")) } }
            }
        }
        @for (name, changes) in difference.sections() {
            section.findings {
                div.kind.(class(name)) {
                    h2 { (name) " " span.count { (changes.len()) } }
                    ul { @for change in changes { (item(change)) } }
                }
            }
        }
    };
    shell(&headline, &body)
}

fn class(section: &str) -> &'static str {
    match section {
        "Broke" => "red",
        "Mended" => "good",
        _ => "open",
    }
}

fn item(change: &Change) -> Markup {
    html! {
        li id=(change.test) {
            @if change.title.is_empty() { b { (change.test) } } @else { b { (prose(&change.title)) } }
            @if !change.found.is_empty() { span.found { (prose(&change.found)) } }
            span.quiet { (change.test) ", " (change.course()) }
        }
    }
}
