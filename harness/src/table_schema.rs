//! JSON schemas of tables whose keys come from lists: quirks, messages and
//! settings of the provider. The schema of a whole file is for
//! [`crate::scenario::schema`].

use mock_idp::{Overlay, ProviderSettings, QUIRKS};
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// A definition that stands in the schema once, and a reference to it.
fn shared(generator: &mut SchemaGenerator, name: &str, make: impl FnOnce() -> Schema) -> Schema {
    if !generator.definitions().contains_key(name) {
        generator.definitions_mut().insert(name.to_owned(), make().to_value());
    }
    Schema::new_ref(format!("#/$defs/{name}"))
}

pub(crate) fn table(text: &str, properties: Map<String, Value>) -> Schema {
    let schema = json!({
        "type": "object",
        "description": text,
        "properties": properties,
        "additionalProperties": false,
    });
    Schema::try_from(schema).unwrap_or_default()
}

/// A table of quirks.
pub fn quirks(generator: &mut SchemaGenerator) -> Schema {
    shared(generator, "Quirks", all_quirks)
}

fn all_quirks() -> Schema {
    let properties = QUIRKS.iter().map(|quirk| {
        let mut schema = quirk.parameter.json_schema();
        schema["description"] = format!("{} ({})", quirk.text, quirk.requirement).into();
        (quirk.name.to_owned(), schema)
    });
    table("Quirks, which are named deviations of the provider.", properties.collect())
}

/// A table of overlays.
pub fn overlay(generator: &mut SchemaGenerator) -> Schema {
    shared(generator, "Overlay", every_message)
}

fn every_message() -> Schema {
    let change = json!({
        "type": "object",
        "properties": {
            "set": { "type": "object", "description": "Members to replace or add, with their values." },
            "remove": { "type": "array", "items": { "type": "string" }, "description": "Members to remove. The message \
                                                                                        must have them." },
            "append": { "type": "object", "description": "Text or list elements to append to members. The message must \
                                                          have these members." },
        },
        "additionalProperties": false,
    });
    let properties = Overlay::messages().into_iter().map(|message| {
        let mut change = change.clone();
        change["description"] = format!("Changes to this message of the provider: {message}.").into();
        (message, change)
    });
    table("Plain changes to messages of the provider, without a quirk.", properties.collect())
}

/// Provider settings.
pub fn provider_settings(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<ProviderSettings>()
}
