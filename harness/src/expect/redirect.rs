//! Where the target sends the user agent.

use serde_json::{Map, Value, json};
use url::Url;

use super::evidence::Scene;
use super::section::Section;
use super::value::ValueKind;
use crate::immich::TargetError;

pub(super) static SECTION: Section = Section {
    name: "redirect",
    text: "Where the target sends the user agent (the authorization request, a `Location`, the URL after logout): \
           `url` as it stands, `base` (without query and fragment), `parameters.<name>`, `fragment`, `path`.",
    members: &["url", "base", "parameters", "fragment", "path"],
    values: &[
        ("url", ValueKind::Text),
        ("base", ValueKind::Text),
        ("fragment", ValueKind::Text),
        ("path", ValueKind::Text),
        ("parameters.*", ValueKind::Texts),
    ],
    // That it leads nowhere can be expected.
    is_there: |redirect, below| matches!(below, [] | ["url"]) || redirect.is_object(),
};

#[expect(clippy::unused_async, reason = "sections are gathered alike")]
pub(super) async fn gather(scene: &mut Scene<'_>) -> Result<Value, TargetError> {
    Ok(scene.observation.redirect.as_deref().map_or(Value::Null, describe))
}

fn describe(redirect: &str) -> Value {
    let base = redirect.split(['?', '#']).next().unwrap_or_default();
    let mut evidence = json!({ "url": redirect, "base": base });
    if let Ok(url) = Url::parse(redirect) {
        evidence["parameters"] = Value::Object(parameters(url.query_pairs()));
        evidence["path"] = url.path().into();
        if let Some(fragment) = url.fragment() {
            evidence["fragment"] = fragment.into();
        }
    }
    evidence
}

/// Parameters by name; a list where one comes several times.
pub(super) fn parameters<N: Into<String>, V: Into<String>>(
    pairs: impl IntoIterator<Item = (N, V)>,
) -> Map<String, Value> {
    let mut map = Map::new();
    for (name, value) in pairs {
        let value = Value::String(value.into());
        match map.entry(name.into()) {
            serde_json::map::Entry::Vacant(slot) => {
                slot.insert(value);
            }
            serde_json::map::Entry::Occupied(mut slot) => match slot.get_mut() {
                Value::Array(list) => list.push(value),
                first => *first = json!([first, value]),
            },
        }
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_text_and_takes_it_apart() {
        let evidence = describe("app.immich:///oauth-callback?code=a&code=b#f");
        assert_eq!(evidence["base"], "app.immich:///oauth-callback");
        assert_eq!(evidence["parameters"]["code"], json!(["a", "b"]));
        assert_eq!(evidence["fragment"], "f");
    }
}
