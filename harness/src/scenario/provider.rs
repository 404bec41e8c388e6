//! What a scenario file may say of the provider, and how that becomes the
//! provider's own types. A profile lies below what the file says itself.

use std::fmt;

use mock_idp::{
    Deviations, PROFILES, Profile, ProfileError, ProviderSettings, QuirkError, SettingsError, Tls, profile,
};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value, json};

use crate::deviation_table::{Overlays, Quirks};
use crate::placeholder::texts;
use crate::table_schema::{overlay, quirks, table};

/// The provider: its issuer, honest variation, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct ProviderShape {
    /// A product to imitate; what the file says itself lies over it.
    pub profile: Option<String>,
    /// A fixed issuer, such as `{origin}/application/o/immich/`.
    pub issuer: Option<String>,
    /// Over what it is served.
    pub tls: Tls,
    /// Registered redirect URIs instead of the target's own.
    pub redirect_uris: Option<Vec<String>>,
    /// The client's secret as the provider knows it, instead of a random one.
    pub client_secret: Option<String>,
    /// Named deviations.
    pub quirks: Quirks,
    /// Plain changes to messages.
    pub overlay: Overlays,
    /// Everything else is a provider setting.
    pub settings: Map<String, Value>,
}

texts!(ProviderShape { issuer, redirect_uris, client_secret, quirks, overlay, settings } but not { profile, tls });

impl<'de> Deserialize<'de> for ProviderShape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(BesideSettings)
    }
}

/// Reads what is no setting by its key, and takes everything else for one.
struct BesideSettings;

impl<'de> Visitor<'de> for BesideSettings {
    type Value = ProviderShape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<ProviderShape, A::Error> {
        let mut shape = ProviderShape::default();
        while let Some(key) = table.next_key::<String>()? {
            match key.as_str() {
                "profile" => shape.profile = table.next_value()?,
                "issuer" => shape.issuer = table.next_value()?,
                "tls" => shape.tls = table.next_value()?,
                "redirect-uris" => shape.redirect_uris = table.next_value()?,
                "client-secret" => shape.client_secret = table.next_value()?,
                "quirks" => shape.quirks = table.next_value()?,
                "overlay" => shape.overlay = table.next_value()?,
                _ => drop(shape.settings.insert(key, table.next_value()?)),
            }
        }
        Ok(shape)
    }
}

impl JsonSchema for ProviderShape {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Provider".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        schema(generator)
    }
}

/// `[provider]`: the settings and what stands beside them.
fn schema(generator: &mut SchemaGenerator) -> Schema {
    let settings = <ProviderSettings as JsonSchema>::json_schema(generator).to_value();
    let mut properties = settings.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    let text = |text: &str| json!({ "type": "string", "description": text });
    let profile = json!({ "enum": PROFILES, "description": "A product to imitate. The settings of the file override \
                                                            the settings of the profile, table by table." });
    properties.insert("profile".into(), profile);
    properties.insert(
        "issuer".into(),
        text(
            "A fixed issuer, such as `{origin}/application/o/immich/` or `{origin}`. Default: the profile's issuer, or \
             one with a random path.",
        ),
    );
    let mut tls = generator.subschema_for::<Tls>().to_value();
    tls["default"] = json!(Tls::default());
    properties.insert("tls".into(), tls);
    let registered = "The registered redirect URIs. Default: the target's redirect URIs for the sign-in page, the \
                      settings page, the app and the mobile redirect.";
    let uris = json!({ "type": "array", "items": { "type": "string" }, "description": registered });
    properties.insert("redirect-uris".into(), uris);
    let secret = "The client secret at the provider. Default: a random one.";
    properties.insert("client-secret".into(), text(secret));
    properties.insert("quirks".into(), quirks(generator).to_value());
    properties.insert("overlay".into(), overlay(generator).to_value());
    table("The provider: its issuer, its settings, and its deviations.", properties)
}

impl ProviderShape {
    /// The profile that the file names, if it names one.
    pub fn profile(&self) -> Result<Option<&'static Profile>, ProfileError> {
        self.profile.as_deref().map(profile).transpose()
    }

    /// The settings; `name` is the realm, tenant or slug of the profile.
    pub fn settings_over(
        &self,
        profile: Option<&Profile>,
        name: &str,
        client_id: &str,
    ) -> Result<ProviderSettings, SettingsError> {
        let below = match profile {
            Some(profile) => ProviderSettings::default().with(&profile.settings(name, client_id))?,
            None if self.settings.is_empty() => return Ok(ProviderSettings::default()),
            None => ProviderSettings::default(),
        };
        let settings = below.with(&self.settings)?;
        settings.check().map(|()| settings)
    }

    /// What the file itself says is wrong with the provider.
    ///
    /// # Errors
    /// Something is wrong with the tables; then the scenario is not played.
    pub fn deviations(&self) -> Result<Deviations, QuirkError> {
        self.quirks.with(&self.overlay)
    }

    /// What is wrong with the provider: the profile's quirks and overlays,
    /// and the file's own over them.
    pub fn deviations_over(&self, profile: Option<&Profile>) -> Result<Deviations, QuirkError> {
        let below = match profile {
            Some(profile) => Deviations::parse(&profile.quirks(), &profile.overlay())?,
            None => Deviations::default(),
        };
        Ok(below.with(&self.deviations()?)?)
    }
}
