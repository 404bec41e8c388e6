//! The steps of scenarios, as their schema describes them.

use serde_json::Value;

use super::{Entry, Kind};
use crate::scenario::schema;
use crate::step::Action;

pub(super) fn entries() -> Vec<Entry> {
    let schema = schema::scenario();
    let definition = |node: &Value| -> Option<Value> {
        let reference = node.get("$ref").or_else(|| node.pointer("/anyOf/0/$ref"))?.as_str()?;
        schema.pointer(reference.strip_prefix('#')?).cloned()
    };
    Action::NAMES
        .iter()
        .map(|name| {
            let property = schema.pointer(&format!("/$defs/Step/properties/{name}"));
            let step = property.and_then(definition).unwrap_or_default();
            let text = step["description"].as_str().unwrap_or_default().to_owned();
            let keys = step["properties"].as_object().into_iter().flatten().map(|(key, value)| {
                let own = value["description"].as_str().map(ToOwned::to_owned);
                let text = own.or_else(|| definition(value)?["description"].as_str().map(ToOwned::to_owned));
                format!("{key}: {}", text.unwrap_or_default())
            });
            Entry::new(Kind::Step, *name, text).fact("keys", keys.collect::<Vec<_>>().join("\n"))
        })
        .collect()
}
