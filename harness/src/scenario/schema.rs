//! The JSON schema of scenario files, made from the types that read them and
//! from the lists of quirks, settings and expectations.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::Shape;

/// The whole schema.
pub fn scenario() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<Shape>().to_value();
    let part = part_of(&mut schema);
    let cases = json!({
        "type": "object",
        "description": "Variants of this scenario. Each case changes parts of the scenario, and is a test of its own. \
                        `omit` lists steps to leave out, by `id`.",
        "additionalProperties": part,
    });
    for (key, value) in [("cases", cases), ("control", control())] {
        if let Some(property) = schema.pointer_mut(&format!("/properties/{key}")) {
            *property = value;
        }
    }
    schema
}

/// Before the name of a definition: the same, where nothing is required.
const PART: &str = "PartOf";

fn control() -> Value {
    let text = "Changes to this scenario after which the sign-in must work. `omit` lists steps to leave out, by `id`.";
    json!({ "description": text, "$ref": format!("#/$defs/{PART}Scenario") })
}

/// Adds the schema of a partial scenario to the definitions, in which nothing
/// is required and steps are named by their `id`. A reference to it.
fn part_of(schema: &mut Value) -> Value {
    let mut parts = Map::new();
    for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
        // The others are the same in whole and in part.
        if needs_part(definition, schema) {
            parts.insert(format!("{PART}{name}"), loosened(definition, schema));
        }
    }
    let mut root = loosened(schema, schema);
    let members = ["$schema", "$defs", "title"];
    root.as_object_mut().into_iter().for_each(|root| root.retain(|key, _| !members.contains(&key.as_str())));
    root["description"] = "A part of a scenario that overrides the file.".into();
    root["properties"]["steps"] = json!({
        "type": "object",
        "description": "Changes of steps, by their `id`.",
        "additionalProperties": { "$ref": format!("#/$defs/{PART}Step") },
    });
    // A case may have a control of its own, but no cases, and its file says the format.
    if let Some(properties) = root["properties"].as_object_mut() {
        properties.shift_remove("cases");
        properties.shift_remove("format");
        properties.insert("control".to_owned(), control());
        let text = "Steps to leave out, by their `id`. Only for cases and controls.";
        properties
            .insert("omit".to_owned(), json!({ "type": "array", "items": { "type": "string" }, "description": text }));
    }
    parts.insert(format!("{PART}Scenario"), root);
    if let Some(definitions) = schema["$defs"].as_object_mut() {
        definitions.extend(parts);
    }
    json!({ "$ref": format!("#/$defs/{PART}Scenario") })
}

/// Whether something is required in a definition, or below it.
fn needs_part(definition: &Value, schema: &Value) -> bool {
    match definition {
        Value::Object(members) => members.iter().any(|(key, value)| match (key.as_str(), value) {
            ("required", Value::Array(_)) => true,
            ("$ref", Value::String(reference)) => {
                let below = reference.strip_prefix('#').and_then(|pointer| schema.pointer(pointer));
                below.is_some_and(|below| needs_part(below, schema))
            }
            _ => needs_part(value, schema),
        }),
        Value::Array(items) => items.iter().any(|item| needs_part(item, schema)),
        _ => false,
    }
}

/// A schema without what it requires, here and below.
fn loosened(part: &Value, schema: &Value) -> Value {
    match part {
        Value::Object(members) => members
            .iter()
            .filter(|(key, value)| *key != "required" || !value.is_array())
            .map(|(key, value)| match (key.as_str(), value) {
                ("$ref", Value::String(reference)) if needs_part(part, schema) => {
                    (key.clone(), reference.replace("#/$defs/", &format!("#/$defs/{PART}")).into())
                }
                // Not in here, nor below.
                ("$defs", _) => (key.clone(), Value::Null),
                _ => (key.clone(), loosened(value, schema)),
            })
            .collect(),
        Value::Array(items) => items.iter().map(|item| loosened(item, schema)).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An editor has a word to say on every key.
    #[test]
    fn every_key_is_described() {
        let schema = scenario();
        let mut mute = Vec::new();
        let file = "Scenario".to_owned();
        let tables = schema["$defs"].as_object().into_iter().flatten().chain([(&file, &schema)]);
        for (name, table) in tables {
            for (key, property) in table["properties"].as_object().into_iter().flatten() {
                let reference = property.get("$ref").or_else(|| property.pointer("/anyOf/0/$ref"));
                let below = reference.and_then(Value::as_str).and_then(|name| schema.pointer(name.strip_prefix('#')?));
                let described =
                    property["description"].is_string() || below.is_some_and(|it| it["description"].is_string());
                if !described {
                    mute.push(format!("{name}.{key}"));
                }
            }
        }
        assert_eq!(mute, Vec::<String>::new());
    }

    #[test]
    fn references_lead_somewhere() {
        fn references<'a>(node: &'a Value, all: &mut Vec<&'a str>) {
            match node {
                Value::Object(members) => {
                    all.extend(members.get("$ref").and_then(Value::as_str));
                    members.values().for_each(|member| references(member, all));
                }
                Value::Array(items) => items.iter().for_each(|item| references(item, all)),
                _ => {}
            }
        }
        let schema = scenario();
        let mut all = Vec::new();
        references(&schema, &mut all);
        let lost = all.iter().filter(|name| name.strip_prefix('#').and_then(|name| schema.pointer(name)).is_none());
        assert_eq!(lost.collect::<Vec<_>>(), Vec::<&&str>::new());
        assert!(all.contains(&"#/$defs/PartOfStep"));
    }
}
