//! The target's last answer.

use serde_json::{Map, Value, json};

use super::evidence::Scene;
use super::section::Section;
use super::value::ValueKind;
use crate::immich::TargetError;

pub(super) static SECTION: Section = Section {
    name: "response",
    text: "The target's last answer in this step: `status`, `message` (of an error; the first one of several), \
           `body.<member>`, `headers.<name>` in lower case, `text`.",
    members: &["status", "message", "body", "headers", "text"],
    values: &[
        ("status", ValueKind::Number),
        ("message", ValueKind::Texts),
        ("text", ValueKind::Text),
        ("headers.*", ValueKind::Text),
    ],
    is_there,
};

/// Of an answer that never came, nothing holds; nor anything of the members of
/// a body that is no JSON.
fn is_there(response: &Value, below: &[&str]) -> bool {
    let has_members = || response.get("body").is_some() || response["text"] == "";
    response["status"].is_number() && (!matches!(below, ["body", _, ..] | ["message", ..]) || has_members())
}

#[expect(clippy::unused_async, reason = "sections are gathered alike")]
pub(super) async fn gather(scene: &mut Scene<'_>) -> Result<Value, TargetError> {
    let Some(answer) = &scene.observation.answer else { return Ok(Value::Null) };
    let body = answer.json();
    let message = body.as_ref().and_then(message);
    let headers: Map<String, Value> =
        answer.response_headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone().into())).collect();
    let mut evidence = json!({ "status": answer.status, "headers": headers, "text": answer.response_body });
    if let Some(message) = message {
        evidence["message"] = message;
    }
    if let Some(body) = body {
        evidence["body"] = body;
    }
    Ok(evidence)
}

/// Error bodies differ by version: text, a list of texts, or `errors`.
fn message(body: &Value) -> Option<Value> {
    let message = body.get("message")?;
    Some(match message {
        Value::Array(list) if list.len() == 1 => list[0].clone(),
        other => other.clone(),
    })
}
