//! A change at the provider in the middle of a scenario.

use indexmap::IndexMap;
use mock_idp::SettingsError;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::action::{Action, ProviderChange, References};
use crate::deviation_table::Quirks;
use crate::placeholder::texts;
use crate::redaction::SecretKind;
use crate::stage::{Observation, StepError, World};

/// Changes the provider from here on.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ChangeProvider {
    /// Provider settings to change; the other settings stay.
    #[serde(default)]
    #[schemars(schema_with = "crate::table_schema::provider_settings")]
    pub settings: Map<String, Value>,
    /// The client ID at the provider from here on.
    pub client_id: Option<String>,
    /// The client secret at the provider from here on.
    pub client_secret: Option<String>,
    /// Quirks from here on. They replace the quirks of the scenario.
    #[serde(default)]
    #[schemars(schema_with = "crate::table_schema::quirks")]
    pub quirks: Option<Quirks>,
    /// Whether the provider replaces its signing keys and removes the old ones
    /// from the JWKS.
    #[serde(default)]
    pub rotate_keys: bool,
    /// `false`: the provider is not available; `true`: it is available again.
    pub available: Option<bool>,
    /// By end-user, the claims to change.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, Map<String, Value>>")]
    pub users: IndexMap<String, Map<String, Value>>,
}

texts!(ChangeProvider { settings, client_id, client_secret, quirks, users } but not { rotate_keys, available });

impl Action for ChangeProvider {
    async fn perform(&self, world: &mut World, _agent: &str) -> Result<Observation, StepError> {
        let issuer = &world.issuer;
        let wrong = |problem: SettingsError| StepError::Scenario(problem.to_string());
        if !self.settings.is_empty() {
            let settings = issuer.settings().with(&self.settings).map_err(wrong)?;
            issuer.set_settings(settings).map_err(wrong)?;
        }
        if let Some(id) = &self.client_id {
            issuer.set_client_id(id.clone()).map_err(wrong)?;
        }
        if let Some(secret) = &self.client_secret {
            world.secrets().add(SecretKind::ClientSecret, secret);
            issuer.set_client_secret(secret.clone()).map_err(wrong)?;
        }
        if let Some(quirks) = &self.quirks {
            issuer.set_deviations(quirks.deviations().clone());
        }
        if self.rotate_keys {
            issuer.rotate_keys();
        }
        if let Some(available) = self.available {
            issuer.set_available(available);
        }
        world.change_end_users(&self.users)?;
        Ok(Observation::arrangement())
    }

    fn tell(&self) -> String {
        let mut changes = Vec::new();
        if self.rotate_keys {
            changes.push("signs with new keys, and removes the old ones from the JWKS".to_owned());
        }
        match self.available {
            Some(true) => changes.push("is available again".to_owned()),
            Some(false) => changes.push("is not available".to_owned()),
            None => {}
        }
        if self.client_id.is_some() {
            changes.push("expects another client ID".to_owned());
        }
        if self.client_secret.is_some() {
            changes.push("expects another client secret".to_owned());
        }
        changes.extend(self.settings.iter().map(|(key, value)| format!("has the setting {key} = {value}")));
        if let Some(quirks) = &self.quirks {
            let names: Vec<&str> = quirks.written().keys().map(String::as_str).collect();
            changes.push(if names.is_empty() {
                "has no quirks".to_owned()
            } else {
                format!("has the quirk {}", names.join(", "))
            });
        }
        for (name, claims) in &self.users {
            let claims: Vec<String> = claims.iter().map(|(claim, value)| format!("{claim} = {value}")).collect();
            changes.push(format!("sends for {name} the claims {}", claims.join(", ")));
        }
        format!(
            "From now on, the provider {}",
            if changes.is_empty() { "does not change".to_owned() } else { changes.join(", ") }
        )
    }

    fn tampering() -> &'static [&'static str] {
        &["quirks"]
    }

    fn references(&self) -> References<'_> {
        References { end_user: self.users.keys().next().map(|name| ("users", name.as_str())), ..References::default() }
    }

    fn provider_change(&self) -> Option<ProviderChange<'_>> {
        let is_published = self.rotate_keys || self.available.is_some() || !self.settings.is_empty();
        Some(ProviderChange {
            settings: &self.settings,
            quirks: self.quirks.as_ref(),
            users: &self.users,
            is_published,
            rotates_keys: self.rotate_keys,
        })
    }
}
