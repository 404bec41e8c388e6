//! `private_key_jwt`: a JWT by which a client proves who it is (OIDC Core §9, RFC
//! 7523 §3). Which clients may do so is for [`crate::protocol`].

use serde_json::Value;

use super::exchange::Exchange;
use crate::jose::verified_by;
use crate::protocol::{Endpoint, OAuthError};

/// Verifies the assertion: signature, `iss`, `sub`, `aud`, `exp`, and a `jti`
/// that did not come before.
///
/// # Errors
/// `invalid_client`.
pub(super) fn verify(exchange: &Exchange<'_>, assertion: &str) -> Result<(), OAuthError> {
    let issuer = exchange.issuer;
    let demand = |holds: bool, description| holds.then_some(()).ok_or(OAuthError::new("invalid_client", description));
    let publication = issuer.publication();
    let client = &publication.client;
    let claims = verified_by(assertion, &client.keys);
    demand(claims.is_some(), "the client assertion is not signed with a key of the client")?;
    let claims = claims.unwrap_or_default();
    let claim = |name: &str| claims.get(name).unwrap_or(&Value::Null);
    let is_client = |name: &str| claim(name) == client.id.as_str();
    demand(is_client("iss") && is_client("sub"), "`iss` or `sub` of the client assertion is not this client")?;
    let is_here = |audience: &Value| {
        audience == issuer.url.as_str() || *audience == issuer.endpoint_url(Endpoint::Token).as_str()
    };
    let audience = claim("aud");
    let is_meant = is_here(audience) || audience.as_array().is_some_and(|list| list.iter().any(is_here));
    demand(is_meant, "`aud` of the client assertion is not this provider")?;
    let now = issuer.clock.now();
    let expires_at = claim("exp").as_i64();
    demand(expires_at.is_some_and(|expires_at| now < expires_at), "the client assertion has expired, or has no `exp`")?;
    let id = claim("jti").as_str().unwrap_or_default();
    demand(!id.is_empty(), "the client assertion has no `jti`")?;
    demand(issuer.store().assertions.get(id).is_none(), "the client assertion was already used")?;
    issuer.store().assertions.insert(id.to_owned(), ());
    Ok(())
}
