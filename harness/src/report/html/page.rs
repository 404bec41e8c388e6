//! The shell around the pages: style and script inside, and a policy by which
//! nothing else can run, whatever a server answered.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::escape;
use crate::report::Report;
use crate::scenario::citation;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("filter.js");

/// A whole page.
pub(crate) fn shell(title: &str, body: &Markup) -> String {
    let hash = |text: &str| BASE64_STANDARD.encode(digest(&SHA256, text.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main { (body) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    escape::html(&page.into_string())
}

/// Our own text, where backticks enclose code.
pub(crate) fn prose(text: &str) -> Markup {
    html! {
        @for (index, part) in text.split('`').enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// A command to type, broken between lines at no hyphen of a flag.
pub(super) fn command(text: &str) -> Markup {
    html! {
        code {
            @for (index, word) in text.split(' ').enumerate() {
                @if index > 0 { " " }
                @if word.starts_with("--") { span.flag { (word) } } @else { (word) }
            }
        }
    }
}

/// A requirement, leading to its section where that can be read on the web.
pub(super) fn requirement(text: &str) -> Markup {
    html! {
        span.requirement {
            @if let Some(address) = citation::address(text) { a href=(address) { (text) } } @else { (text) }
        }
    }
}

/// The target and its version.
pub(super) fn target(report: &Report) -> String {
    let target = report.target.as_ref();
    target.map_or_else(
        || "no server".to_owned(),
        |target| match target.url.as_str() {
            "reference" => format!("the reference server {}", target.version),
            url => format!("{url}, version {}", target.version),
        },
    )
}
