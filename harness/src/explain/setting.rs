//! The settings of the server, and those of the provider.

use mock_idp::ProviderSettings;
use serde_json::Value;

use super::{Entry, Kind};
use crate::scenario::schema;
use crate::target::SETTINGS;

pub(super) fn entries() -> Vec<Entry> {
    let presence = |core| {
        if core {
            "every Immich-compatible server has it"
        } else {
            "scenarios that need it are skipped where a server lacks it"
        }
    };
    SETTINGS
        .iter()
        .map(|setting| {
            Entry::new(Kind::Setting, format!("{}.{}", setting.section, setting.name), setting.text)
                .fact("presence", presence(setting.core))
                .fact("takes", setting.kind.words())
                .fact("example", format!("[server.{}]\n{} = {}", setting.section, setting.name, setting.kind.example()))
        })
        .collect()
}

/// What may stand in `[provider]`, as the schema describes it.
pub(super) fn of_provider() -> Vec<Entry> {
    let schema = schema::scenario();
    let usual = serde_json::to_value(ProviderSettings::default()).unwrap_or_default();
    let definition = |node: &Value| {
        let reference = node.get("$ref").or_else(|| node.pointer("/anyOf/0/$ref"))?.as_str()?.strip_prefix('#')?;
        schema.pointer(reference).cloned()
    };
    let properties = schema.pointer("/$defs/Provider/properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flatten()
        .map(|(name, node)| {
            let kind = definition(node).unwrap_or_default();
            let text =
                [node, &kind].iter().find_map(|node| node["description"].as_str()).unwrap_or_default().to_owned();
            let words: Vec<String> = kind["oneOf"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|word| {
                    let text = word["description"].as_str().unwrap_or_default();
                    format!("{}: {text}", word["const"].as_str().unwrap_or_default())
                })
                .collect();
            let default = usual.get(name).filter(|value| !value.is_null()).map(ToString::to_string);
            Entry::new(Kind::ProviderSetting, name, text)
                .fact("takes", words.join("\n"))
                .fact("default", default.unwrap_or_default())
                .fact("example", format!("[provider]\n{name} = …"))
        })
        .collect()
}
