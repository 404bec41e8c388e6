//! What an issuer publishes under its settings: its metadata and its keys.
//!
//! Worked out once per settings, so that answering needs no more than a look;
//! keys when they are first asked for. Honest throughout; deviations come at
//! the gate.

use std::sync::OnceLock;

use serde_json::{Map, Value};

use crate::client::Client;
use crate::jose::{KeyError, KeyPool, PublishedKeySet, SETS};
use crate::settings::{Names, ProviderSettings, RedirectUris, SettingsError, metadata};

/// Settings, and what they come to.
#[derive(Debug)]
pub(crate) struct Publication {
    pub(crate) settings: ProviderSettings,
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
    pub(crate) fn new(settings: ProviderSettings, names: &Names, client: &Client) -> Result<Self, SettingsError> {
        settings.check()?;
        let further_claims = match names.fill(&Value::Object(settings.further_claims.clone())) {
            Value::Object(claims) => claims,
            _ => Map::new(),
        };
        let audience = match &settings.further_audiences {
            None => client.id.clone().into(),
            Some(others) => std::iter::once(client.id.as_str()).chain(others.iter().map(String::as_str)).collect(),
        };
        Ok(Self {
            metadata: metadata(&settings, names, client.secret.is_none())?,
            redirect_uris: RedirectUris::new(&client.redirect_uris, settings.redirect_matching)?,
            audience,
            further_claims,
            key_sets: Default::default(),
            settings,
        })
    }

    /// The key set after so many rotations.
    pub(crate) fn keys(&self, rotations: usize, pool: &KeyPool) -> Result<&PublishedKeySet, KeyError> {
        let publish = || PublishedKeySet::new(pool.set(rotations)?, &self.settings);
        self.key_sets[rotations % SETS].get_or_init(publish).as_ref().map_err(Clone::clone)
    }
}
