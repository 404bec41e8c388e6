//! The keys of scenario files and of their steps, and the levels, as the
//! schema describes them.

use indexmap::IndexMap;
use serde_json::Value;

use super::{Entry, Kind};
use crate::scenario::schema;
use crate::step::Action;

/// What is said of end-users beside their claims.
const OF_END_USERS: &[(&str, &str)] = &[
    ("omit", "A list in [users.NAME]: those of the usual claims that the end-user does not have."),
    ("null", "A list in [users.NAME]: claims of the end-user that are there, but are `null`."),
];

pub(super) fn entries() -> Vec<Entry> {
    let schema = schema::scenario();
    let keys = described(&schema, schema.get("properties"), "a scenario").into_iter();
    let of_steps = described(&schema, schema.pointer("/$defs/Step/properties"), "a step");
    let of_steps = of_steps.into_iter().filter(|(name, ..)| !Action::NAMES.contains(&name.as_str()));
    let requires = described(&schema, schema.pointer("/$defs/Requires/properties"), "requires");
    let requires = requires.into_iter().map(|(name, text, place)| (format!("requires.{name}"), text, place));
    let of_actions = Action::NAMES.iter().flat_map(|action| {
        let step = schema.pointer(&format!("/$defs/Step/properties/{action}"));
        let step = step.and_then(|step| definition(&schema, step));
        described(&schema, step.as_ref().and_then(|step| step.get("properties")), action)
    });
    let of_end_users =
        OF_END_USERS.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned(), "an end-user".to_owned()));
    // What means the same in several steps is told once.
    let mut places: IndexMap<(String, String), Vec<String>> = IndexMap::new();
    for (name, text, place) in keys.chain(of_steps).chain(requires).chain(of_actions).chain(of_end_users) {
        places.entry((name, text)).or_default().push(place);
    }
    let entry = |((name, text), places): ((String, String), Vec<String>)| {
        Entry::new(Kind::Key, name, text).fact("of", places.join(", "))
    };
    places.into_iter().map(entry).collect()
}

pub(super) fn levels() -> Vec<Entry> {
    let schema = schema::scenario();
    let words = schema.pointer("/$defs/Level/oneOf").and_then(Value::as_array).into_iter().flatten();
    let entry = |word: &Value| {
        let text = word["description"].as_str().unwrap_or_default();
        Some(Entry::new(Kind::Level, word["const"].as_str()?, format!("The cited requirement's own word. {text}")))
    };
    words.filter_map(entry).collect()
}

/// Names, texts and the place of the keys that the schema describes.
fn described(schema: &Value, properties: Option<&Value>, place: &str) -> Vec<(String, String, String)> {
    let properties = properties.and_then(Value::as_object).into_iter().flatten();
    properties
        .filter_map(|(name, node)| {
            let of_its_own = node["description"].as_str().map(ToOwned::to_owned);
            let text =
                of_its_own.or_else(|| definition(schema, node)?["description"].as_str().map(ToOwned::to_owned))?;
            Some((name.clone(), text, place.to_owned()))
        })
        .collect()
}

fn definition(schema: &Value, node: &Value) -> Option<Value> {
    let reference = node.get("$ref").or_else(|| node.pointer("/anyOf/0/$ref"))?.as_str()?;
    schema.pointer(reference.strip_prefix('#')?).cloned()
}
