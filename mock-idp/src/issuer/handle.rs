//! A handle to an open issuer: what others see of it, and what they change while
//! it serves. What it holds is in [`super::state`].

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::state::{State, shared};
use crate::end_user::EndUser;
use crate::journal::Journal;
use crate::protocol::Client;
use crate::quirk::Deviations;
use crate::settings::{ProviderSettings, SettingsError};

/// A handle to an open issuer. Clones are the same issuer.
#[derive(Debug, Clone)]
pub struct Issuer {
    pub(crate) state: Arc<State>,
}

impl Issuer {
    /// The handle to this state.
    pub(crate) fn of(state: State) -> Self {
        Self { state: Arc::new(state) }
    }

    /// The issuer identifier, exactly as it stands in the discovery document.
    pub fn url(&self) -> &str {
        &self.state.url
    }

    /// The settings in force.
    pub fn settings(&self) -> ProviderSettings {
        self.state.publication().settings.clone()
    }

    /// The discovery document in force, without deviations.
    pub fn metadata(&self) -> Map<String, Value> {
        self.state.publication().metadata.clone()
    }

    /// The paths of its endpoints, below the origin of its provider.
    pub fn paths(&self) -> Vec<String> {
        self.state.routes().into_iter().map(|(_, path)| path).collect()
    }

    /// Replaces the settings from the next message on. The paths of the endpoints
    /// cannot change, since another issuer may have them.
    pub fn set_settings(&self, settings: ProviderSettings) -> Result<(), SettingsError> {
        let state = &self.state;
        if settings.paths != state.publication().settings.paths {
            return Err(SettingsError::Moved);
        }
        let client = state.publication().client.clone();
        state.publish(settings, client)
    }

    /// Replaces the client from the next request on. Codes and tokens of a
    /// client with another id are no longer valid.
    #[cfg(feature = "by-hand")]
    pub(crate) fn set_client(&self, client: Client) -> Result<(), SettingsError> {
        self.state.publish(self.settings(), client)
    }

    /// Replaces the client's id from the next request on. Codes and tokens of
    /// the former id are no longer valid.
    pub fn set_client_id(&self, id: String) -> Result<(), SettingsError> {
        let client = Client { id, ..self.state.publication().client.clone() };
        self.state.publish(self.settings(), client)
    }

    /// Replaces the client's secret from the next request on.
    pub fn set_client_secret(&self, secret: String) -> Result<(), SettingsError> {
        let client = Client { secret: Some(secret), ..self.state.publication().client.clone() };
        self.state.publish(self.settings(), client)
    }

    /// The deviations in force.
    pub fn deviations(&self) -> Deviations {
        self.state.deviations()
    }

    /// Replaces the deviations from the next message on.
    pub fn set_deviations(&self, deviations: Deviations) {
        *self.state.deviations.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(deviations);
    }

    /// The end-users who can sign in.
    pub fn end_users(&self) -> IndexMap<String, EndUser> {
        let end_users = self.state.end_users();
        end_users.into_iter().map(|(name, end_user)| (name, (*end_user).clone())).collect()
    }

    /// Replaces the end-users.
    pub fn set_end_users(&self, end_users: IndexMap<String, EndUser>) {
        *self.state.end_users.write().unwrap_or_else(PoisonError::into_inner) = shared(end_users);
    }

    /// Takes the next signing keys; the old ones leave the JWKS.
    pub fn rotate_keys(&self) {
        self.state.rotations.fetch_add(1, Ordering::Relaxed);
        self.state.revise();
    }

    /// Goes down (every connection is cut before an answer) or comes back.
    pub fn set_available(&self, available: bool) {
        self.state.available.store(available, Ordering::Relaxed);
    }

    /// The requests at this issuer and their answers.
    pub fn journal(&self) -> &Journal {
        &self.state.journal
    }

    /// The session of the latest sign-in of an end-user.
    pub fn sid_of(&self, end_user: &str) -> Option<String> {
        self.state.store().sessions.get(end_user).map(|session| session.sid.clone())
    }
}
