//! What an issuer publishes under its settings: its metadata and its keys.
//!
//! Worked out once per settings, so that answering needs no more than a look;
//! keys when they are first asked for. Honest throughout; deviations come at
//! the gate.

use std::sync::OnceLock;

use serde_json::{Map, Value};

use crate::jose::{KeyError, KeyPool, PublishedKeySet, SETS};
use crate::protocol::Client;
use crate::settings::{Names, ProviderSettings, RedirectUris, SettingsError, metadata};

/// Settings that neither the discovery document nor the key set shows; what is
/// not named here counts as shown.
const UNPUBLISHED: &[&str] = &[
    "claims-in",
    "id-token-claims",
    "userinfo-claims",
    "further-audiences",
    "authorized-party",
    "access-token-hash",
    "further-claims",
    "scopes-granted",
    "userinfo-without-openid",
    "redirect-matching",
    "callback-parameters",
    "code-lifetime",
    "id-token-lifetime",
];

impl ProviderSettings {
    /// What the discovery document and the key set are made of. Issuers whose
    /// settings agree in it publish the same, but for their names and keys.
    pub fn published(&self) -> Map<String, Value> {
        let mut settings = match serde_json::to_value(self) {
            Ok(Value::Object(settings)) => settings,
            _ => Map::new(),
        };
        settings.retain(|name, _| !UNPUBLISHED.contains(&name.as_str()));
        settings
    }
}

/// Settings and client, and what they publish.
#[derive(Debug)]
pub(crate) struct Publication {
    pub(crate) settings: ProviderSettings,
    /// The client that the issuer knows.
    pub(crate) client: Client,
    /// The discovery document.
    pub(crate) metadata: Map<String, Value>,
    /// Where the client may be sent back to.
    pub(crate) redirect_uris: RedirectUris,
    /// The `aud` of ID tokens.
    pub(crate) audience: Value,
    /// Claims that every ID token has besides.
    pub(crate) further_claims: Map<String, Value>,
    key_sets: [OnceLock<Result<PublishedKeySet, KeyError>>; SETS],
}

impl Publication {
    pub(crate) fn new(settings: ProviderSettings, names: &Names, client: Client) -> Result<Self, SettingsError> {
        settings.check()?;
        let mut signs = std::iter::once(settings.signing_algorithm).chain(settings.userinfo_signing_algorithm);
        if let Some(algorithm) = signs.find(|algorithm| client.secret.is_none() && algorithm.is_symmetric()) {
            return Err(SettingsError::NoSecret(algorithm.name()));
        }
        let further_claims = match names.fill(&Value::Object(settings.further_claims.clone())) {
            Value::Object(claims) => claims,
            _ => Map::new(),
        };
        let audience = match &settings.further_audiences {
            None => client.id.clone().into(),
            Some(others) => std::iter::once(client.id.as_str()).chain(others.iter().map(String::as_str)).collect(),
        };
        Ok(Self {
            metadata: metadata(&settings, names, client.is_public())?,
            redirect_uris: RedirectUris::new(&client.redirect_uris, settings.redirect_matching)?,
            audience,
            further_claims,
            key_sets: Default::default(),
            settings,
            client,
        })
    }

    /// The key set after so many rotations.
    pub(crate) fn keys(&self, rotations: usize, pool: &KeyPool) -> Result<&PublishedKeySet, KeyError> {
        let publish = || PublishedKeySet::new(pool.set(rotations)?, &self.settings);
        self.key_sets[rotations % SETS].get_or_init(publish).as_ref().map_err(Clone::clone)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use serde_json::json;

    use super::*;
    use crate::jose::KeySource;

    /// Discovery document and key set under such settings.
    fn documents(settings: ProviderSettings) -> (Map<String, Value>, Value) {
        let client = Client { id: "c".into(), secret: Some("s".into()), redirect_uris: Vec::new(), keys: Vec::new() };
        let publication = Publication::new(settings, &Names::default(), client).unwrap();
        let pool = KeyPool::new(KeySource::Published);
        let keys = publication.keys(0, &pool).unwrap().members().clone();
        (publication.metadata, keys.into())
    }

    #[test]
    fn unpublished_settings_are_not_seen() {
        let others = json!({
            "claims-in": "both",
            "id-token-claims": ["email"],
            "userinfo-claims": ["email"],
            "further-audiences": ["b"],
            "authorized-party": true,
            "access-token-hash": true,
            "further-claims": {"ver": 1},
            "scopes-granted": ["openid"],
            "userinfo-without-openid": true,
            "redirect-matching": "regex",
            "callback-parameters": {"a": "b"},
            "code-lifetime": 1,
            "id-token-lifetime": 1,
        });
        let others = others.as_object().unwrap();
        assert_eq!(others.keys().collect::<Vec<_>>(), UNPUBLISHED);
        let usual = ProviderSettings::default();
        let changed = usual.with(others).unwrap();
        assert_eq!(changed.published(), usual.published());
        assert_eq!(documents(changed), documents(usual));
    }

    #[test]
    fn what_is_seen_is_published() {
        let usual = ProviderSettings::default();
        let changed = usual.with(json!({"session-ids": false}).as_object().unwrap()).unwrap();
        assert_ne!(documents(changed.clone()), documents(usual.clone()));
        assert_ne!(changed.published(), usual.published());
    }
}
