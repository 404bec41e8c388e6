//! `id_token_hint`: an ID token by which a client says whose session it means
//! (OIDC Core §3.1.2.1, OIDC RP-Initiated Logout §2). The provider must have
//! issued it.
//!
//! The provider remembers what it issued, beside looking at signatures: a
//! quirk may have altered an ID token, its signature included, and a server
//! that took it sends it back later. That token is the provider's own, and
//! refusing it would be a second deviation, which no test asked for.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::end_user::EndUser;
use crate::issuer::State;
use crate::jose::verified;

/// Remembers an ID token of an end-user as it goes out.
pub(super) fn remember(issuer: &State, id_token: &str, end_user: String) {
    issuer.store().id_tokens.insert(fingerprint(id_token), end_user);
}

/// Whom an ID token is about that this issuer issued to its client.
pub(super) enum Hinted {
    /// The end-user of that name: the issuer made the token since it was opened.
    Name(String),
    /// The end-user with that subject identifier: the token has the issuer's
    /// signature, `iss` and audience. Expired tokens are good (§2).
    Subject(String),
}

impl Hinted {
    /// Whether it is this end-user.
    pub(super) fn is(&self, name: &str, end_user: &EndUser) -> bool {
        match self {
            Self::Name(hinted) => hinted == name,
            Self::Subject(sub) => *sub == end_user.sub,
        }
    }
}

/// Whom the token is about; none if this issuer did not issue it to its client.
pub(super) fn hinted(issuer: &State, hint: &str) -> Option<Hinted> {
    let remembered = issuer.store().id_tokens.get(&fingerprint(hint)).cloned();
    remembered.map(Hinted::Name).or_else(|| signed_by_us(issuer, hint))
}

/// Tokens are long, and many are remembered.
fn fingerprint(id_token: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, id_token.as_bytes()))
}

fn signed_by_us(issuer: &State, hint: &str) -> Option<Hinted> {
    let publication = issuer.publication();
    let client = &publication.client;
    let algorithm = publication.settings.signing_algorithm;
    let claims = verified(hint, algorithm, issuer.signing_keys().ok()?, client.secret.as_deref())?;
    let is_client = |audience: &Value| audience == client.id.as_str();
    let audience = claims.get("aud").unwrap_or(&Value::Null);
    let is_for_client = is_client(audience) || audience.as_array().is_some_and(|list| list.iter().any(is_client));
    let is_ours = claims.get("iss").is_some_and(|own| own == issuer.url.as_str()) && is_for_client;
    is_ours.then(|| Hinted::Subject(claims.get("sub").and_then(Value::as_str).unwrap_or_default().to_owned()))
}
