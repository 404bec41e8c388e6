//! What all pages have in common: the shell, the style, and the headers that
//! keep others out. Pages need no network, and only the inspector has a
//! script, without which it works as well.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("inspector.js");
/// A key, in the colour of the accent.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' \
                    stroke='%235b86f0' stroke-width='2.4' stroke-linecap='round'%3E%3Ccircle cx='8' cy='16' \
                    r='4.5'/%3E%3Cpath d='m11.5 12.5 8-8m-3.5 3.5 2.5 2.5'/%3E%3C/svg%3E";

/// The icon as a picture of its own.
pub(crate) fn icon() -> String {
    percent_encoding::percent_decode_str(ICON.trim_start_matches("data:image/svg+xml,"))
        .decode_utf8_lossy()
        .into_owned()
}

static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = |text: &str| BASE64_STANDARD.encode(digest(&SHA256, text.as_bytes()));
    // No `form-action`: browsers apply it to where the client has its answer
    // sent, too.
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; connect-src 'self'; img-src data:; \
         base-uri 'none'; frame-ancestors 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
});

/// What every page is sent with: it is in no frame, in no cache, and tells no
/// other site where the browser was.
pub(crate) fn headers() -> [(&'static str, &'static str); 5] {
    [
        ("content-security-policy", &POLICY),
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ]
}

/// A whole page.
pub(crate) fn shell(title: &str, class: &str, script: bool, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" href=(ICON);
                style { (PreEscaped(STYLE)) }
            }
            body class=(class) {
                (body)
                @if script {
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        }
    };
    page.into_string()
}

/// A page that says one thing.
pub(crate) fn notice(title: &str, text: &str) -> String {
    let body = html! {
        main {
            (brand(None))
            section.card {
                h1 { (title) }
                p { (prose(text)) }
            }
        }
    };
    shell(title, "narrow", false, &body)
}

/// Our own text, where backticks enclose code.
pub(crate) fn prose(text: &str) -> Markup {
    html! {
        @for (index, part) in text.split('`').enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// A table of names and values.
pub(crate) fn pairs(pairs: &[(String, String)]) -> Markup {
    html! {
        table {
            @for (name, value) in pairs {
                tr { th scope="row" { (name) } td.mono { (value) } }
            }
        }
    }
}

/// The line above everything.
pub(crate) fn brand(issuer: Option<&str>) -> Markup {
    html! {
        header.brand {
            svg viewBox="0 0 24 24" aria-hidden="true" {
                circle cx="8" cy="16" r="4.5" {}
                path d="m11.5 12.5 8-8m-3.5 3.5 2.5 2.5" {}
            }
            span.name { "mock-idp" }
            @if let Some(issuer) = issuer {
                span.issuer { (issuer) }
            }
        }
    }
}
