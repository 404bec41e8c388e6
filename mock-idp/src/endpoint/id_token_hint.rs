//! `id_token_hint`: an ID token by which a client says whose session it means
//! (OIDC RP-Initiated Logout §2). The provider must have issued it.
//!
//! The provider remembers what it issued, beside looking at signatures: a
//! quirk may have altered an ID token, its signature included, and a server
//! that took it sends it back later. That token is the provider's own, and
//! refusing it would be a second deviation, which no scenario asked for.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::issuer::State;
use crate::jose::verified;

/// Remembers an ID token as it goes out.
pub(super) fn remember(issuer: &State, id_token: &str) {
    issuer.store().id_tokens.insert(fingerprint(id_token), ());
}

/// Whether this issuer issued the token to its client: it did so since it was
/// opened, or the token has its signature, `iss` and audience. Expired tokens
/// are good (§2).
pub(super) fn is_ours(issuer: &State, hint: &str) -> bool {
    issuer.store().id_tokens.get(&fingerprint(hint)).is_some() || is_signed_by_us(issuer, hint)
}

/// Tokens are long, and many are remembered.
fn fingerprint(id_token: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, id_token.as_bytes()))
}

fn is_signed_by_us(issuer: &State, hint: &str) -> bool {
    let publication = issuer.publication();
    let algorithm = publication.settings.signing_algorithm;
    let Ok(keys) = issuer.signing_keys() else { return false };
    let Some(claims) = verified(hint, algorithm, keys, issuer.client.secret.as_deref()) else { return false };
    let is_client = |audience: &Value| audience == issuer.client.id.as_str();
    let audience = claims.get("aud").unwrap_or(&Value::Null);
    let is_for_client = is_client(audience) || audience.as_array().is_some_and(|list| list.iter().any(is_client));
    claims.get("iss").is_some_and(|own| own == issuer.url.as_str()) && is_for_client
}
