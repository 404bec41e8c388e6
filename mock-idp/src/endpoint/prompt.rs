//! Whether a request gets an answer without a new sign-in: `prompt`, `max_age`
//! and `id_token_hint` against the session that the end-user has (OIDC Core
//! §3.1.2.1). Everything else about the request is for
//! [`super::authorization_request`].

use super::exchange::Exchange;
use super::id_token_hint::hinted;
use crate::protocol::scopes;
use crate::store::Session;

/// The prompts that a client may ask for (OIDC Core §3.1.2.1). Every sign-in asks
/// the end-user for identity and consent, unless the prompt is `none`.
pub(super) const PROMPTS: &[&str] = &["none", "login", "consent", "select_account"];

/// Returns the session of the end-user if the client sent `prompt=none`, and
/// `None` if the end-user is to sign in.
///
/// # Errors
/// Why the answer is `login_required`: that session is missing, older than
/// `max_age` seconds, or not that of `id_token_hint` (OIDC Core §3.1.2.1,
/// §3.1.2.6).
pub(super) fn session(exchange: &Exchange<'_>, end_user: &str) -> Result<Option<Session>, &'static str> {
    let issuer = exchange.issuer;
    let hint = exchange.parameters.get("id_token_hint").and_then(|hint| hinted(issuer, hint));
    if hint.zip(issuer.end_user(end_user)).is_some_and(|(hint, known)| !hint.is(end_user, &known)) {
        return Err("the id_token_hint names a different end-user than the one who is signed in");
    }
    if !is_silent(exchange) {
        return Ok(None);
    }
    let session = issuer.store().sessions.get(end_user).cloned();
    let session = session.ok_or("the request has prompt=none, but the end-user is not signed in")?;
    let age = exchange.parameters.get("max_age").and_then(|age| age.parse::<i64>().ok());
    if age.is_some_and(|age| issuer.clock.now().saturating_sub(session.auth_time) > age) {
        return Err("the request has prompt=none, but the end-user signed in longer ago than max_age");
    }
    Ok(Some(session))
}

pub(super) fn prompts<'a>(exchange: &'a Exchange<'_>) -> impl Iterator<Item = &'a str> {
    scopes(exchange.parameters.get("prompt").unwrap_or_default())
}

/// Returns whether the provider must not ask the end-user anything.
pub(super) fn is_silent(exchange: &Exchange<'_>) -> bool {
    prompts(exchange).any(|prompt| prompt == "none")
}
