//! The token endpoint (RFC 6749 §4.1.3, OIDC Core §3.1.3).

use serde_json::{Map, Value, json};

use super::exchange::{Answer, Exchange};
use crate::draft::{Draft, Message};
use crate::protocol::{ClientCredentials, OAuthError, fits};
use crate::settings::{ClaimsIn, Pkce};
use crate::store::Grant;

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    let draft = match decide(exchange).and_then(|grant| tokens(exchange, &grant)) {
        Ok(members) => Draft::new(Message::TokenResponse, members),
        Err(refusal) => refusal.into_draft(),
    };
    let unauthorized = draft.transport.status == 401;
    let answer = exchange.send(draft).header("cache-control", "no-store");
    let by_header = exchange.header("authorization").is_some();
    if unauthorized && by_header { answer.header("www-authenticate", "Basic realm=\"token\"") } else { answer }
}

/// A refusal (RFC 6749 §5.2), members as they will stand there.
struct Refusal {
    status: u16,
    members: Map<String, Value>,
}

impl Refusal {
    fn into_draft(self) -> Draft {
        let mut draft = Draft::new(Message::TokenResponse, self.members);
        draft.transport.status = self.status;
        draft
    }
}

impl From<OAuthError> for Refusal {
    fn from(error: OAuthError) -> Self {
        let members = json!({ "error": error.code, "error_description": error.description });
        Self { status: error.status(), members: members.as_object().cloned().unwrap_or_default() }
    }
}

/// What becomes of the request, after the gate.
fn decide(exchange: &mut Exchange<'_>) -> Result<Grant, Refusal> {
    let (grant, judged) = judge(exchange);
    let mut members = Map::new();
    members.insert("accept".into(), judged.is_ok().into());
    let mut verdict = Draft::new(Message::TokenVerdict, members);
    if let Err(error) = judged {
        let refusal = Refusal::from(error);
        verdict.transport.status = refusal.status;
        verdict.members.extend(refusal.members);
    }
    exchange.pass(&mut verdict);
    let accepted = verdict.members.shift_remove("accept") == Some(Value::Bool(true));
    match grant.filter(|_| accepted) {
        Some(grant) => Ok(grant),
        None => Err(Refusal { status: verdict.transport.status, members: verdict.members }),
    }
}

/// What the code stands for, if it stands for anything, and whether
/// everything about the request is right. A code is spent when its client
/// has brought it, whatever else is wrong; strangers spend nothing.
fn judge(exchange: &Exchange<'_>) -> (Option<Grant>, Result<(), OAuthError>) {
    let issuer = exchange.issuer;
    let settings = issuer.settings();
    let client = ClientCredentials::read(exchange.header("authorization"), &exchange.parameters)
        .and_then(|credentials| credentials.verify(&issuer.client, &settings.client_authentication));
    if let Err(error) = client {
        return (None, Err(error));
    }
    let grant = exchange.parameters.get("code").and_then(|code| issuer.store().codes.take(code));
    let judged = check(exchange, grant.as_ref(), settings.pkce);
    (grant, judged)
}

fn check(exchange: &Exchange<'_>, grant: Option<&Grant>, pkce: Pkce) -> Result<(), OAuthError> {
    let form = &exchange.parameters;
    if form.repeated().is_some() {
        return Err(OAuthError::new("invalid_request", "a parameter comes twice"));
    }
    if form.get("grant_type") != Some("authorization_code") {
        return Err(OAuthError::new("unsupported_grant_type", "only authorization_code is supported"));
    }
    if form.get("code").is_none() {
        return Err(OAuthError::new("invalid_request", "the code is missing"));
    }
    let grant = grant.ok_or(OAuthError::new("invalid_grant", "the code is unknown or was used already"))?;
    if exchange.issuer.clock.now() >= grant.expires_at {
        return Err(OAuthError::new("invalid_grant", "the code has run out"));
    }
    if form.get("redirect_uri") != Some(&grant.redirect_uri) {
        return Err(OAuthError::new("invalid_grant", "the redirect URI is not that of the authorization request"));
    }
    if pkce != Pkce::NotSupported {
        fits(grant.code_challenge.as_deref(), form.get("code_verifier"))?;
    }
    Ok(())
}

fn tokens(exchange: &mut Exchange<'_>, grant: &Grant) -> Result<Map<String, Value>, Refusal> {
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
    let unsigned = || OAuthError::new("server_error", "the ID token could not be signed");
    let jose = issuer.jose(settings.signing_algorithm).map_err(|_| unsigned())?;
    let mut draft = Draft::signed(Message::IdToken, claims, jose);
    exchange.pass(&mut draft);
    issuer.sign(&draft).map_err(|_| unsigned())
}
