//! One exchange, opened: what was altered, tokens, request and answer.

use maud::{Markup, html};
use mock_idp::Message;
use serde_json::{Map, Value};

use super::members;
use super::page::prose;
use crate::report::time::duration;
use crate::report::{CALLBACK, Deviation, ExchangeReport, TokenReport};

pub(super) fn hop(report: &ExchangeReport) -> Markup {
    let exchange = &report.exchange;
    html! {
        div.inside {
            @if let Some(after) = report.milliseconds { p.quiet { (duration(after)) " after the test began" } }
            (notes(&report.deviations))
            @for token in &report.tokens { (decoded(token, &report.deviations)) }
            (request(report))
            h5 { "Answer" }
            @match (&exchange.status, &exchange.error) {
                (_, Some(error)) => p { "No response: " (error) },
                (Some(status), None) => p { "Status " b { (status) } (at(&report.deviations, &["status"])) },
                (None, None) => p { "No response." },
            }
            (body(&exchange.response_body, &report.tokens, &of_answer(report)))
            @if !exchange.response_headers.is_empty() {
                details.inner { summary { "Response headers" } (members::pairs(&exchange.response_headers, &[], &[])) }
            }
        }
    }
}

/// What is odd, each cause once.
fn notes(deviations: &[Deviation]) -> Markup {
    let mut causes: Vec<&Deviation> = Vec::new();
    for deviation in deviations {
        if !causes.iter().any(|known| known.by == deviation.by) {
            causes.push(deviation);
        }
    }
    html! {
        @for cause in causes {
            @let own: Vec<&Deviation> = deviations.iter().filter(|one| one.by == cause.by).collect();
            div.note {
                p { b { (cause.by) } ": " (prose(&cause.text)) }
                p.quiet {
                    @for (index, one) in own.iter().enumerate() {
                        @if index > 0 { ", " } code { (one.member) } " of the " (of_the(&one.message))
                    }
                    @if let Some(requirement) = &cause.requirement { "; " (requirement) }
                }
            }
        }
    }
}

/// A message in words.
fn of_the(message: &str) -> &str {
    Message::named(message).map_or(message, |message| message.phrase())
}

/// Deviations that stand there, with the name that the member has there.
fn of_message<'a>(deviations: &'a [Deviation], message: &str, prefix: &str) -> Vec<(&'a str, &'a Deviation)> {
    let own = deviations.iter().filter(|one| one.message == message);
    own.filter_map(|one| Some((one.member.strip_prefix(prefix)?, one))).collect()
}

fn at(deviations: &[Deviation], members: &[&str]) -> Markup {
    let found = deviations.iter().find(|one| members.contains(&one.member.as_str()));
    html! { @if let Some(deviation) = found { " " mark { (members::kind(deviation)) } " " (members::by(deviation)) } }
}

fn decoded(token: &TokenReport, deviations: &[Deviation]) -> Markup {
    let message = token.message.as_deref().unwrap_or_default();
    let header = of_message(deviations, message, "header.");
    let claims: Vec<_> = of_message(deviations, message, "")
        .into_iter()
        .filter(|(member, _)| !member.starts_with("header.") && !matches!(*member, "signature" | "payload"))
        .collect();
    let own: Vec<Deviation> = deviations.iter().filter(|one| one.message == message).cloned().collect();
    html! {
        div.token {
            h5 { code { (token.name) } ", decoded" }
            h6 { "Header" }
            (members::object(&token.header, &header))
            h6 { "Claims" (at(&own, &["payload"])) }
            @match (&token.claims, &token.payload) {
                (Some(found), _) => (members::object(found, &claims)),
                (None, payload) => pre { (payload.as_deref().unwrap_or_default()) },
            }
            h6 { "Signature" }
            p { @if token.signed { "present; the harness did not verify it" } @else { "none" } (at(&own, &["signature"])) }
        }
    }
}

fn request(report: &ExchangeReport) -> Markup {
    let exchange = &report.exchange;
    let parameters = exchange.parameters();
    let named = of_message(&report.deviations, "request", "");
    let headers = of_message(&report.deviations, "request", "headers.");
    let of_parameters: Vec<_> = named.into_iter().filter(|(member, _)| !member.starts_with("headers.")).collect();
    let is_form = exchange.request_body.is_empty() || !parameters.is_empty();
    html! {
        h5 { "Request" }
        p.url { b { (exchange.method) } " " code { (exchange.url) } }
        @if let Some(sent) = &exchange.sent_as { p.url.quiet { "as the dialect says, the server received " code { (sent) } } }
        @if !parameters.is_empty() || !of_parameters.is_empty() { (members::pairs(&parameters, &report.tokens, &of_parameters)) }
        @if !is_form { (body(&exchange.request_body, &[], &[])) }
        @if !exchange.request_headers.is_empty() || !headers.is_empty() {
            details.inner { summary { "Request headers" } (members::pairs(&exchange.request_headers, &[], &headers)) }
        }
    }
}

/// Deviations of members of the answer's own body, not of tokens in it.
fn of_answer(report: &ExchangeReport) -> Vec<(&str, &Deviation)> {
    let elsewhere = |message: &str| {
        [CALLBACK, "request"].contains(&message)
            || report.tokens.iter().any(|token| token.message.as_deref() == Some(message))
    };
    let own = report.deviations.iter().filter(|one| !elsewhere(&one.message) && !one.member.contains("status"));
    own.map(|one| (one.member.as_str(), one)).collect()
}

/// A body: members one by one if it is a JSON object.
fn body(text: &str, tokens: &[TokenReport], deviations: &[(&str, &Deviation)]) -> Markup {
    // What is said of the whole is said of no member.
    let whole = ["body", "content-type", "location", "accept", "page", "hang", "cut", "payload", "signature", "keys"];
    let of_members: Vec<_> = deviations.iter().filter(|(member, _)| !whole.contains(member)).copied().collect();
    match serde_json::from_str::<Map<String, Value>>(text) {
        Ok(found) if !found.contains_key("keys") => members::object_with(&found, tokens, &of_members),
        _ => {
            let pretty = serde_json::from_str::<Value>(text).map(|value| format!("{value:#}"));
            let marked = deviations.iter().any(|(member, _)| matches!(*member, "body" | "keys" | "payload"));
            let text = pretty.unwrap_or_else(|_| text.to_owned());
            html! {
                @if text.is_empty() { p.quiet { "no body" } }
                @else { pre { @if marked { mark { (text) } } @else { (text) } } }
            }
        }
    }
}
