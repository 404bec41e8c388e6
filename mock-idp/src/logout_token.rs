//! Makes logout tokens (OIDC Back-Channel Logout §2.4), the one message that
//! a provider sends without being asked. Where they go is for the caller.

use axum::http::HeaderMap;
use serde_json::{Map, json};

use crate::issuer::Issuer;
use crate::jose::SignError;
use crate::message::{Draft, Message};
use crate::packed_entry::{Answered, PackedEntry};
use crate::protocol::{Endpoint, LOGOUT_EVENT};
use crate::quirk::OverlayError;
use crate::settings::LogoutTokens;

/// What a logout token is to say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogoutTokenRequest {
    /// The end-user whose sessions should end.
    pub sub: Option<String>,
    /// The session that is to end.
    pub sid: Option<String>,
}

/// Why no logout token could be made.
#[derive(Debug, thiserror::Error)]
pub enum LogoutTokenError {
    /// By its settings, the provider has no back-channel logout.
    #[error("the provider sends no logout tokens, because of its setting `logout-tokens`")]
    NotSupported,
    /// An overlay did not find what it wanted to change.
    #[error(transparent)]
    Overlay(#[from] OverlayError),
    /// The token could not be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl Issuer {
    /// Makes a logout token (OIDC Back-Channel Logout §2.4) and notes it in
    /// the journal. Sending it is for the caller.
    pub fn logout_token(&self, request: LogoutTokenRequest) -> Result<String, LogoutTokenError> {
        let state = &self.state;
        let publication = state.publication();
        if publication.settings.logout_tokens == LogoutTokens::NotSupported {
            return Err(LogoutTokenError::NotSupported);
        }
        let now = state.clock.now();
        let mut claims = Map::new();
        claims.insert("iss".into(), state.url.clone().into());
        claims.insert("aud".into(), publication.client.id.clone().into());
        claims.insert("iat".into(), now.into());
        claims.insert("exp".into(), (now + 120).into());
        claims.insert("jti".into(), state.random_text(22).into());
        claims.insert("events".into(), json!({ LOGOUT_EVENT: {} }));
        claims.extend(request.sub.map(|sub| ("sub".to_owned(), sub.into())));
        claims.extend(request.sid.map(|sid| ("sid".to_owned(), sid.into())));
        let algorithm = publication.settings.signing_algorithm;
        let mut jose = state.jose(&publication, algorithm).map_err(SignError::from)?;
        jose.header.insert("typ".into(), "logout+jwt".into());
        let mut draft = Draft::signed(Message::LogoutToken, claims, jose);
        let altered_by = state.pass(&mut draft, None)?;
        let token = state.sign(&draft)?;
        let (headers, body) = (&HeaderMap::new(), token.clone().into());
        let response = Answered { altered_by, ..Answered::honest(now, 200, headers, body) };
        state.journal.write(PackedEntry::unasked(Endpoint::LogoutToken, response));
        Ok(token)
    }
}
