//! The list of sections of the evidence. A new one is a file with its [`Section`]
//! and a line here.

use serde_json::{Map, Value, json};

use super::either::{EITHER, TEXT as ALTERNATIVES};
use super::section::Section;
use super::value::{ValueKind, kind_at};

/// All sections, in the order in which they are documented.
pub static SECTIONS: &[&Section] = &[
    &super::outcome::SECTION,
    &super::response::SECTION,
    &super::redirect::SECTION,
    &super::cookies::SECTION,
    &super::account::SECTION,
    &super::accounts::SECTION,
    &super::sessions::SECTION,
    &super::provider_saw::SECTION,
    &super::provider_saw::OTHER,
];

/// Returns the section with this name.
pub(super) fn section(name: &str) -> Option<&'static Section> {
    SECTIONS.iter().copied().find(|section| section.name == name)
}

/// Returns the kind of value at a path into the evidence, if it is known.
pub fn kind_of(path: &[String]) -> Option<ValueKind> {
    let (first, below) = path.split_first()?;
    kind_at(&section(first)?.values(), below)
}

/// The JSON schema of an `expect` table.
pub fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let mut schema = evidence_schema(generator);
    let each = json!({
        "type": "object",
        "properties": schema.get("properties").cloned().unwrap_or_default(),
        "additionalProperties": false,
    });
    let either =
        json!({ "description": ALTERNATIVES, "type": "object", "minProperties": 2, "additionalProperties": each });
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert(EITHER.to_owned(), either);
    }
    schema
}

/// The JSON schema of a table by the sections of the evidence.
pub fn evidence_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let properties: Map<String, Value> = SECTIONS
        .iter()
        .map(|section| {
            let mut schema = json!({ "description": section.text });
            if section.name == "outcome" {
                schema["anyOf"] = json!([{ "enum": super::outcome::OUTCOMES }, { "type": "object" }]);
            } else if !section.members().contains(&"*") {
                let members: Map<String, Value> =
                    section.members().into_iter().map(|name| (name.to_owned(), json!(true))).collect();
                schema["type"] = json!("object");
                schema["properties"] = Value::Object(members);
                schema["additionalProperties"] = json!(false);
            }
            (section.name.to_owned(), schema)
        })
        .collect();
    let schema = json!({
        "type": "object",
        "description": "What must be seen after the step.",
        "properties": properties,
        "additionalProperties": false,
    });
    schemars::Schema::try_from(schema).unwrap_or_default()
}
