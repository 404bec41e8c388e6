//! Two reports held against each other, as a page.

use maud::{Markup, html};

use super::page::{prose, shell, target};
use crate::report::{Change, Difference, Report};

/// What broke, what was fixed, what is new and what is gone, as a page.
pub fn difference_page(difference: &Difference, old: &Report, new: &Report) -> String {
    let (tone, verdict) = match (difference.broke.is_empty(), difference.sections().is_empty()) {
        (false, _) => ("red", "Something broke"),
        (true, false) => ("good", "Nothing broke"),
        (true, true) => ("good", "Nothing differs"),
    };
    let body = html! {
        header.first {
            p.brand { "OpenID Connect conformance, compared" }
            h1.(tone) { (verdict) }
            p.target { (difference.headline()) }
            dl.facts {
                div { dt { "Before" } dd { (target(old)) ", " (old.counts.listed().join(", ")) } }
                div { dt { "Now" } dd { (target(new)) ", " (new.counts.listed().join(", ")) } }
            }
        }
        @for (name, changes) in difference.sections() {
            section.compared {
                div.kind.(class(name)) {
                    h2 { (name) " " span.count { (changes.len()) } }
                    ul { @for change in changes { (item(change)) } }
                }
            }
        }
    };
    shell(&difference.headline(), &body)
}

fn class(section: &str) -> &'static str {
    match section {
        "Broke" => "red",
        "Fixed" => "good",
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
