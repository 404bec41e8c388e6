//! What the routes for people share: the issuer, the clock, and the secret.

use std::sync::{Arc, OnceLock};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::sync::watch;

use super::refusal::Remedies;
use crate::clock::Clock;
use crate::interactive::Interactive;
use crate::issuer::Issuer;
use crate::profile::Profile;

/// Makes an HTTP client when one is needed, which is seldom; a text if it
/// cannot.
pub type HttpClient = fn() -> Result<reqwest::Client, String>;

/// Shared by all routes beside the issuer.
#[derive(Debug, Clone)]
pub(super) struct Context {
    /// Set as soon as the issuer is open.
    pub(super) issuer: Arc<OnceLock<Issuer>>,
    /// The product that it imitates; set before the issuer.
    pub(super) profile: Arc<OnceLock<Option<&'static Profile>>>,
    pub(super) secret: Arc<str>,
    /// Differs from start to start.
    pub(super) start: Arc<str>,
    pub(super) clock: Clock,
    pub(super) http: HttpClient,
    /// What to change at the relying party where the provider refuses.
    pub(super) remedies: Remedies,
    /// Becomes true when the provider ends.
    pub(super) ending: watch::Receiver<bool>,
}

impl Context {
    /// The issuer and what it remembers.
    pub(super) fn open(&self) -> Result<(&Issuer, &Interactive), NotOpen> {
        let issuer = self.issuer.get();
        let pair = issuer.and_then(|issuer| Some((issuer, issuer.state.interactive.get()?)));
        pair.ok_or(NotOpen)
    }
}

/// The provider listens, but its issuer is not there yet.
#[derive(Debug)]
pub(super) struct NotOpen;

impl From<NotOpen> for Response {
    fn from(_: NotOpen) -> Self {
        (StatusCode::SERVICE_UNAVAILABLE, "the provider is still starting").into_response()
    }
}
