//! The JSON schema of scenario files, made from the very types that read
//! them and from the lists of quirks, settings and expectations.

use mock_idp::{Overlay, PROFILES, ProviderSettings, QUIRKS, Tls};
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::Shape;
use crate::target::SETTINGS;

/// The whole schema.
pub fn scenario() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<Shape>();
    // Cases and controls are partial scenarios.
    for (key, text) in [("cases", "Variants, each a test of its own."), ("control", "The positive twin of a refusal.")]
    {
        if let Some(property) = schema.pointer_mut(&format!("/properties/{key}/description")) {
            *property = text.into();
        }
    }
    schema.to_value()
}

fn table(text: &str, properties: Map<String, Value>) -> Schema {
    let schema = json!({
        "type": "object",
        "description": text,
        "properties": properties,
        "additionalProperties": false,
    });
    Schema::try_from(schema).unwrap_or_default()
}

/// A table of quirks.
pub fn quirks(_: &mut SchemaGenerator) -> Schema {
    let properties = QUIRKS.iter().map(|quirk| {
        let mut schema = quirk.parameter.json_schema();
        schema["description"] = format!("{} ({})", quirk.text, quirk.requirement).into();
        (quirk.name.to_owned(), schema)
    });
    table("Named deviations of the provider.", properties.collect())
}

/// A table of overlays.
pub fn overlay(_: &mut SchemaGenerator) -> Schema {
    let change = json!({
        "type": "object",
        "properties": {
            "set": { "type": "object", "description": "Members to replace or add." },
            "remove": { "type": "array", "items": { "type": "string" }, "description": "Members to leave out." },
            "append": { "type": "object", "description": "Text or elements to add to members." },
        },
        "additionalProperties": false,
    });
    let properties = Overlay::messages().into_iter().map(|message| (message, change.clone()));
    table("Plain changes to messages of the provider.", properties.collect())
}

fn section(name: &str) -> Schema {
    let settings = SETTINGS.iter().filter(|setting| setting.section == name);
    let properties = settings.map(|setting| (setting.name.to_owned(), json!({ "description": setting.text })));
    table("Settings of the server, by Immich's own names.", properties.collect())
}

/// The `oauth` section of the settings.
pub fn oauth(_: &mut SchemaGenerator) -> Schema {
    section("oauth")
}

/// The `passwordLogin` section of the settings.
pub fn password_login(_: &mut SchemaGenerator) -> Schema {
    section("passwordLogin")
}

/// Provider settings.
pub fn provider_settings(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<ProviderSettings>()
}

/// `[provider]`: the settings and what stands beside them.
pub fn provider(generator: &mut SchemaGenerator) -> Schema {
    let settings = <ProviderSettings as schemars::JsonSchema>::json_schema(generator).to_value();
    let mut properties = settings.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    let text = |text: &str| json!({ "type": "string", "description": text });
    let profile = json!({ "enum": PROFILES, "description": "A product to imitate; what the file says lies over it." });
    properties.insert("profile".into(), profile);
    properties.insert("issuer".into(), text("A fixed issuer, such as `{origin}/application/o/immich/`."));
    properties.insert("tls".into(), generator.subschema_for::<Tls>().to_value());
    let uris = json!({ "type": "array", "items": { "type": "string" }, "description": "Registered redirect URIs." });
    properties.insert("redirect-uris".into(), uris);
    let secret = "The client's secret as the provider knows it; a random one if not given.";
    properties.insert("client-secret".into(), text(secret));
    properties.insert("quirks".into(), quirks(generator).to_value());
    properties.insert("overlay".into(), overlay(generator).to_value());
    table("The provider: its issuer, honest variation, and what is wrong with it.", properties)
}
