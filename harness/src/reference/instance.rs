//! One running server: what its routes share. The routes stand in `endpoint`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::State;
use axum::http::HeaderMap;
use rand::rngs::StdRng;
use rand::{RngExt, distr::Alphanumeric};
use semver::Version;
use serde_json::Value;

use super::cookies::{TOKEN, cookie};
use super::reply::Refusal;
use super::rules::Rules;
use super::state::{Replicas, Restart, SettingsSource, Store};
use crate::constant_time::are_equal;
use crate::http_client::ProviderClients;

/// How routes take it.
pub type Shared = State<Arc<Instance>>;

/// What the routes share.
pub struct Instance {
    /// What it calls itself.
    pub version: Version,
    pub rules: Rules,
    pub store: Mutex<Store>,
    pub random: Mutex<StdRng>,
    pub api_key: String,
    pub permissions: Vec<String>,
    pub settings_from: SettingsSource,
    pub replicas: Replicas,
    pub restart: Restart,
    pub clock: Arc<dyn Fn() -> i64 + Send + Sync>,
    pub clients: ProviderClients,
}

/// A text of so many letters and digits.
pub fn word(random: &mut StdRng, length: usize) -> String {
    (0..length).map(|_| char::from(random.sample(Alphanumeric))).collect()
}

impl Instance {
    /// Never held across a request to the provider.
    pub fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Seconds since 1970.
    pub fn now(&self) -> i64 {
        (self.clock)()
    }

    /// Random values.
    pub fn random_text(&self, length: usize) -> String {
        word(&mut self.random.lock().unwrap_or_else(PoisonError::into_inner), length)
    }

    /// The settings, as the replica that answers knows them.
    pub fn settings(&self) -> Value {
        self.replicas.seen(&self.store().settings)
    }

    /// Their section on OAuth.
    pub fn oauth(&self) -> Value {
        self.settings().get("oauth").cloned().unwrap_or_default()
    }

    /// Only with an administrator's key that has this permission, or an
    /// administrator's session.
    pub fn administrator(&self, headers: &HeaderMap, permission: &str) -> Result<(), Refusal> {
        match headers.get("x-api-key").map(|key| are_equal(key, &self.api_key)) {
            Some(true) if self.permissions.iter().any(|one| one == "all" || one == permission) => Ok(()),
            Some(true) => Err(Refusal(403, format!("Missing required permission: {permission}"))),
            Some(false) => Err(Refusal(401, "Invalid API key".into())),
            None => {
                let (_, id) = self.signed_in(headers)?;
                let is_admin = self.store().account(&id).is_some_and(|account| account.is_admin);
                if is_admin || !self.rules.settings.guarded { Ok(()) } else { Err(Refusal(403, "Forbidden".into())) }
            }
        }
    }

    /// The session token of a request: bearer first, then cookie.
    pub fn token(headers: &HeaderMap) -> Option<String> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let bearer = header("authorization").and_then(|value| value.strip_prefix("Bearer "));
        bearer.map(ToOwned::to_owned).or_else(|| cookie(headers, TOKEN))
    }

    /// No session, and the account that was made last.
    pub fn last_account(&self) -> (String, String) {
        (String::new(), self.store().accounts.last().map(|account| account.id.clone()).unwrap_or_default())
    }

    /// Only with a session or a user's API key that works: its token and its
    /// account's id.
    pub fn signed_in(&self, headers: &HeaderMap) -> Result<(String, String), Refusal> {
        let key = headers.get("x-api-key").and_then(|key| key.to_str().ok());
        let of_user = key.and_then(|key| Some((key.to_owned(), self.store().user_keys.get(key)?.clone())));
        if let Some(of_user) = of_user {
            return Ok(of_user);
        }
        let token = Self::token(headers).ok_or_else(|| Refusal(401, "Authentication required".into()))?;
        let account = self.store().sessions.get(&token).map(|session| session.account.clone());
        let account = account.ok_or_else(|| Refusal(401, "Invalid user token".into()))?;
        Ok((token, account))
    }
}
