//! The target's last answer.

use serde_json::Value;

use super::section::{Look, MemberRow, NO_ANSWER, Section, kinds, told_of};
use super::value::ValueKind::{Any, Number, Text, Texts};
use crate::exchange::Exchange;

pub(super) static SECTION: Section = Section {
    name: "response",
    text: "The target's last response in this step: `status`, `message` (of an error; the first one of several), \
           `body.<member>`, `headers.<name>` in lower case, `text` (the whole body).",
    look: Look::Nothing,
    names: &[],
    values: || kinds(ROWS),
    lacks,
    evidence: |seen| Ok(seen.observation.answer.as_ref().map(|answer| told_of(ROWS, answer))),
};

const ROWS: &[MemberRow<Exchange>] = &[
    MemberRow("status", Number, |answer| Some(answer.status.into())),
    MemberRow("message", Texts, message),
    MemberRow("body.*", Any, Exchange::json),
    MemberRow("headers.*", Text, |answer| {
        let headers = answer.response_headers.iter();
        Some(headers.map(|(name, value)| (name.to_lowercase(), Value::from(value.as_str()))).collect())
    }),
    MemberRow("text", Text, |answer| Some(answer.response_body.clone().into())),
];

/// Without an answer, no expectation holds; of a body that is not JSON, none of
/// its members.
fn lacks(response: &Value, below: &[&str]) -> Option<&'static str> {
    let has_members = response.get("body").is_some() || response["text"] == "";
    match below {
        _ if !response["status"].is_number() => Some(NO_ANSWER),
        ["body", _, ..] | ["message", ..] if !has_members => Some("the body of the response is not JSON"),
        _ => None,
    }
}

/// Error bodies differ by version: text, a list of texts, or `errors`.
fn message(answer: &Exchange) -> Option<Value> {
    let body = answer.json()?;
    let message = body.get("message")?;
    Some(match message {
        Value::Array(list) if list.len() == 1 => list[0].clone(),
        other => other.clone(),
    })
}
