//! Whether a request gets an answer without a new sign-in: `prompt`, `max_age`
//! and `id_token_hint` against the session that the end-user has (OIDC Core
//! §3.1.2.1). Everything else about the request is for
//! [`super::authorization_request`].

use super::authorization_request::AuthorizationRequest;
use super::exchange::Exchange;
use super::id_token_hint::hinted;
use crate::protocol::scopes;
use crate::store::Session;

/// The prompts that a client may ask for (OIDC Core §3.1.2.1). Every sign-in asks
/// the end-user for identity and consent, unless the prompt is `none`.
pub(super) const PROMPTS: &[&str] = &["none", "login", "consent", "select_account"];

impl AuthorizationRequest {
    /// Returns the request with the session of its end-user if the client sent
    /// `prompt=none`, or with the error `login_required` if that session is
    /// missing, older than `max_age` seconds, or not that of `id_token_hint`
    /// (OIDC Core §3.1.2.1, §3.1.2.6).
    pub(super) fn resumed(self, exchange: &Exchange<'_>) -> Self {
        if self.error.is_some() {
            return self;
        }
        let refused = |text: &str| Some(("login_required".to_owned(), text.to_owned()));
        let issuer = exchange.issuer;
        let hint = exchange.parameters.get("id_token_hint").and_then(|hint| hinted(issuer, hint));
        let is_another = hint
            .zip(issuer.end_user(&self.end_user))
            .is_some_and(|(hint, end_user)| !hint.is(&self.end_user, &end_user));
        if is_another {
            return Self {
                error: refused("the id_token_hint names a different end-user than the one who is signed in"),
                ..self
            };
        }
        if !is_silent(exchange) {
            return self;
        }
        let session = issuer.store().sessions.get(&self.end_user).cloned();
        let age = exchange.parameters.get("max_age").and_then(|age| age.parse::<i64>().ok());
        let now = issuer.clock.now();
        match session {
            None => {
                Self { error: refused("the end-user has no session here, and the request has prompt=none"), ..self }
            }
            Some(Session { auth_time, .. }) if age.is_some_and(|age| now.saturating_sub(auth_time) > age) => Self {
                error: refused("the end-user signed in longer ago than max_age, and the request has prompt=none"),
                ..self
            },
            session => Self { session, ..self },
        }
    }
}

pub(super) fn prompts<'a>(exchange: &'a Exchange<'_>) -> impl Iterator<Item = &'a str> {
    scopes(exchange.parameters.get("prompt").unwrap_or_default())
}

/// Returns whether the provider must not ask the end-user anything.
pub(super) fn is_silent(exchange: &Exchange<'_>) -> bool {
    prompts(exchange).any(|prompt| prompt == "none")
}
