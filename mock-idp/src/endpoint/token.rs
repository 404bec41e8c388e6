//! The token endpoint (RFC 6749 §4.1.3, OIDC Core §3.1.3).

use serde_json::{Map, Value, json};

use super::exchange::{Answer, Exchange};
use crate::draft::{Draft, Message};
use crate::protocol::{ClientCredentials, OAuthError, fits};
use crate::settings::{ClaimsIn, Pkce};
use crate::store::Grant;

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    let members = redeem(exchange).and_then(|grant| tokens(exchange, &grant));
    let draft = match members {
        Ok(members) => Draft::new(Message::TokenResponse, members),
        Err(error) => refusal(error),
    };
    let unauthorized = draft.transport.status == 401;
    let answer = exchange.send(draft).header("cache-control", "no-store");
    let by_header = exchange.header("authorization").is_some();
    if unauthorized && by_header { answer.header("www-authenticate", "Basic realm=\"token\"") } else { answer }
}

fn refusal(error: OAuthError) -> Draft {
    let members = json!({ "error": error.code, "error_description": error.description });
    let mut draft = Draft::new(Message::TokenResponse, members.as_object().cloned().unwrap_or_default());
    draft.transport.status = error.status();
    draft
}

/// Takes the code, if everything about it is right.
fn redeem(exchange: &Exchange<'_>) -> Result<Grant, OAuthError> {
    let issuer = exchange.issuer;
    let form = &exchange.parameters;
    let settings = issuer.settings();
    ClientCredentials::read(exchange.header("authorization"), form)?
        .verify(&issuer.client, &settings.client_authentication)?;
    if form.repeated().is_some() {
        return Err(OAuthError::new("invalid_request", "a parameter comes twice"));
    }
    if form.get("grant_type") != Some("authorization_code") {
        return Err(OAuthError::new("unsupported_grant_type", "only authorization_code is supported"));
    }
    let code = form.get("code").ok_or(OAuthError::new("invalid_request", "the code is missing"))?;
    let grant = issuer.store().codes.take(code);
    let grant = grant.ok_or(OAuthError::new("invalid_grant", "the code is unknown or was used already"))?;
    if issuer.clock.now() >= grant.expires_at {
        return Err(OAuthError::new("invalid_grant", "the code has run out"));
    }
    if form.get("redirect_uri") != Some(&grant.redirect_uri) {
        return Err(OAuthError::new("invalid_grant", "the redirect URI is not that of the authorization request"));
    }
    if settings.pkce != Pkce::NotSupported {
        fits(grant.code_challenge.as_deref(), form.get("code_verifier"))?;
    }
    Ok(grant)
}

fn tokens(exchange: &mut Exchange<'_>, grant: &Grant) -> Result<Map<String, Value>, OAuthError> {
    let access_token = exchange.issuer.random_text(32);
    let mut members = Map::new();
    members.insert("access_token".into(), access_token.clone().into());
    members.insert("token_type".into(), "Bearer".into());
    members.insert("expires_in".into(), 3600.into());
    members.insert("scope".into(), grant.scopes.join(" ").into());
    if grant.scopes.iter().any(|scope| scope == "openid") {
        members.insert("id_token".into(), id_token(exchange, grant)?.into());
    }
    exchange.issuer.store().access_tokens.insert(access_token, grant.clone());
    Ok(members)
}

fn id_token(exchange: &mut Exchange<'_>, grant: &Grant) -> Result<String, OAuthError> {
    let issuer = exchange.issuer;
    let settings = issuer.settings();
    let user = issuer.end_user(&grant.end_user).unwrap_or_default();
    let now = issuer.clock.now();
    let mut claims = Map::new();
    claims.insert("iss".into(), issuer.url.clone().into());
    claims.insert("sub".into(), user.sub.clone().into());
    claims.insert("aud".into(), issuer.client.id.clone().into());
    claims.insert("iat".into(), now.into());
    claims.insert("exp".into(), (now + i64::from(settings.id_token_lifetime)).into());
    claims.extend(grant.nonce.clone().map(|nonce| ("nonce".to_owned(), nonce.into())));
    if settings.session_ids {
        claims.insert("sid".into(), grant.sid.clone().into());
    }
    if settings.claims_in != ClaimsIn::Userinfo {
        claims.extend(user.claims_for(&grant.scopes));
    }
    let mut draft = Draft::signed(Message::IdToken, claims, issuer.jose());
    exchange.pass(&mut draft);
    issuer.sign(&draft).map_err(|_| OAuthError::new("server_error", "the ID token could not be signed"))
}
