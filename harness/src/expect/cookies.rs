//! Cookies that the target sets.

use serde_json::{Map, Value, json};

use super::evidence::Scene;
use super::section::Section;
use super::value::ValueKind;
use crate::immich::TargetError;

pub(super) static SECTION: Section = Section {
    name: "cookies",
    text: "Cookies set by the target's last answer, by name: `value`, `http-only`, `secure`, `same-site`, `path`, \
           `max-age` in seconds (by `Max-Age`, or else by `Expires`; none for one that goes with the browser), \
           `cleared` (empty or out of date).",
    members: &["*"],
    values: &[
        ("*.value", ValueKind::Text),
        ("*.http-only", ValueKind::Switch),
        ("*.secure", ValueKind::Switch),
        ("*.same-site", ValueKind::Text),
        ("*.path", ValueKind::Text),
        ("*.max-age", ValueKind::Number),
        ("*.cleared", ValueKind::Switch),
    ],
    // Without an answer, nothing can be said of what it sets.
    is_there: |cookies, below| match below {
        [name, _, ..] => cookies.get(name).is_some(),
        _ => cookies.is_object(),
    },
};

#[expect(clippy::unused_async, reason = "sections are gathered alike")]
pub(super) async fn gather(scene: &mut Scene<'_>) -> Result<Value, TargetError> {
    let Some(answer) = &scene.observation.answer else { return Ok(Value::Null) };
    let cookies: Map<String, Value> = answer
        .set_cookies()
        .into_iter()
        .map(|cookie| {
            let evidence = json!({
                "cleared": cookie.is_cleared(),
                "value": cookie.value,
                "http-only": cookie.http_only,
                "secure": cookie.secure,
                "same-site": cookie.same_site,
                "path": cookie.path,
                "max-age": cookie.lifetime,
            });
            (cookie.name, evidence)
        })
        .collect();
    Ok(Value::Object(cookies))
}
