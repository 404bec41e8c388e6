//! One exchange of the journal as a person sees it. Rendering only.

use maud::{Markup, html};
use serde_json::Value;

use super::instants;
use crate::decoded_token::DecodedToken;
use crate::journal_entry::Entry;
use crate::person::page::{pairs, prose};
use crate::protocol::{Endpoint, first_named};
use crate::quirk::quirk;

/// Why the provider refuses an exchange, and what to change.
#[derive(Debug)]
pub(super) struct Advice {
    pub(super) cause: String,
    pub(super) remedy: Option<&'static str>,
}

/// An entry that opens to everything that is known of it.
pub(super) fn exchange(entry: &Entry, advice: Option<&Advice>) -> Markup {
    let is_changed = !entry.altered_by.is_empty() || entry.overlay_error.is_some() || entry.panic.is_some();
    let status = if entry.status < 400 { "ok" } else { "wrong" };
    html! {
        details.exchange.changed[is_changed] data-sequence=(entry.sequence) {
            summary {
                span.number { "#" (entry.sequence) }
                span.time { (instants::time_of_day(entry.at)) }
                span.status.(status) { @if entry.endpoint != Endpoint::Connection { (entry.status) } }
                span.what {
                    b { (title(entry.endpoint)) }
                    @if entry.endpoint.is_request() {
                        " " code { (entry.method) " " (entry.path) }
                    }
                }
                span.chips { @for name in &entry.altered_by { span.chip { (name) } } }
            }
            div.inside {
                @if let Some(Advice { cause, remedy }) = advice {
                    div.note.bad { p { b { "Refused: " } (cause) @if let Some(remedy) = remedy { " " (remedy) } } }
                }
                (changes(entry))
                @for token in DecodedToken::of(entry) { (decoded(&token, entry.at)) }
                @match entry.endpoint {
                    Endpoint::LogoutToken => { h3 { "Token" } pre { (entry.response_body) } },
                    Endpoint::Connection => {
                        p { "A client began a TLS handshake. If no request follows, the client did not accept the certificate." }
                    },
                    _ => { (request(entry)) (answer(entry)) },
                }
            }
        }
    }
}

fn title(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Discovery => "Discovery",
        Endpoint::Jwks => "JWKS",
        Endpoint::Authorization => "Authorization",
        Endpoint::Token => "Token",
        Endpoint::UserInfo => "UserInfo",
        Endpoint::EndSession => "End session",
        Endpoint::ForeignKeys => "JWKS of foreign keys",
        Endpoint::Picture => "Picture",
        Endpoint::LogoutToken => "Logout token issued",
        Endpoint::Connection => "TLS connection",
        Endpoint::Unknown => "Unknown path",
    }
}

fn changes(entry: &Entry) -> Markup {
    html! {
        @for name in &entry.altered_by {
            div.note.odd {
                p {
                    b { (name) }
                    @match quirk(name) {
                        Some(quirk) => { ": " (prose(quirk.text)) " (" (quirk.requirement) ")" },
                        None => ": an overlay changed this message.",
                    }
                }
            }
        }
        @if let Some(error) = &entry.overlay_error {
            div.note.bad { p { (error.to_string()) } }
        }
        @if let Some(panic) = &entry.panic {
            div.note.bad { p { "The provider crashed on this request. This is a bug in the provider: " (panic) } }
        }
    }
}

fn request(entry: &Entry) -> Markup {
    let query = if entry.raw_query.is_empty() { String::new() } else { format!("?{}", entry.raw_query) };
    html! {
        h3 { "Request" }
        pre { (entry.method) " " (entry.path) (query) }
        @if !entry.parameters.is_empty() {
            h3 { "Parameters" }
            (pairs(&entry.parameters))
        }
        details.inner { summary { "Request headers" } (pairs(&entry.headers)) }
        @if !entry.body.is_empty() {
            details.inner { summary { "Request body, as received" } pre { (entry.body) } }
        }
    }
}

fn answer(entry: &Entry) -> Markup {
    let header = |name: &str| first_named(&entry.response_headers, name);
    let is_page = header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    html! {
        h3 { "Response" }
        p {
            "Status " b { (entry.status) }
            @if let Some(kind) = header("content-type") { ", " code { (kind) } }
        }
        @if let Some(location) = header("location") { pre { "location: " (location) } }
        @if is_page {
            details.inner { summary { "Web page, " (entry.response_body.len()) " bytes" } pre { (entry.response_body) } }
        } @else if !entry.response_body.is_empty() {
            pre { (pretty(&entry.response_body)) }
        }
        details.inner { summary { "Response headers" } (pairs(&entry.response_headers)) }
    }
}

fn decoded(token: &DecodedToken, now: i64) -> Markup {
    html! {
        div.token {
            h3 { (token.name) ", decoded" @if !token.is_signed { ": not signed" } }
            pre { (format!("{:#}", Value::Object(token.header.clone()))) }
            @match &token.claims {
                Ok(claims) => pre { (format!("{:#}", Value::Object(claims.clone()))) },
                Err(text) => pre { (text) },
            }
            @for (claim, words) in token.claims.iter().flat_map(|claims| instants::instants(claims, now)) {
                p.hint { code { (claim) } " is " (words) }
            }
        }
    }
}

/// JSON with line breaks, anything else as it is.
fn pretty(body: &str) -> String {
    serde_json::from_str::<Value>(body).map_or_else(|_| body.to_owned(), |value| format!("{value:#}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redaction::tests::entry;

    #[test]
    fn what_came_over_the_wire_is_never_markup() {
        let mut hostile = entry();
        let attack = "<script>alert(1)</script>";
        hostile.path = attack.to_owned();
        hostile.body = attack.to_owned();
        hostile.response_body = attack.to_owned();
        hostile.parameters = vec![(attack.to_owned(), attack.to_owned())];
        hostile.altered_by = vec![attack.to_owned()];
        let html = exchange(&hostile, None).into_string();
        assert!(!html.contains("<script"), "{html}");
    }

    #[test]
    fn quirks_are_named_with_their_text() {
        let mut odd = entry();
        odd.altered_by = vec!["expired".into(), "overlay.id-token".into()];
        let html = exchange(&odd, None).into_string();
        let text = quirk("expired").map(|quirk| quirk.text).unwrap_or_default();
        assert!(
            html.contains(text.split('`').next().unwrap_or_default())
                && html.contains("an overlay changed this message"),
            "{html}"
        );
    }
}
