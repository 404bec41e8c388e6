//! The token endpoint (RFC 6749 §4.1.3, §6; OIDC Core §3.1.3, §12).

use serde_json::{Map, Value};

use super::exchange::{Answer, Exchange};
use super::id_token_hint::remember;
use super::token_verdict::{Redeemed, Refusal, decide, describe, refusal};
use crate::message::{Draft, Message};
use crate::protocol::{OAuthError, OFFLINE_ACCESS, OPENID};
use crate::store::{AccessToken, Grant, Issued, RedeemableKind};

/// Lifetime of access tokens, in seconds.
const LIFETIME: i64 = 3600;

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    // Drawn before any refusal, so that a seed gives the same values whatever
    // is refused.
    let access_token = exchange.issuer.random_text(32);
    let mut end_user = None;
    let decided = decide(exchange).and_then(|redeemed| {
        end_user = Some(redeemed.grant.end_user.clone());
        tokens(exchange, redeemed, access_token)
    });
    let mut draft = match decided {
        Ok(members) => Draft::new(Message::TokenResponse, members),
        Err(refusal) => *refusal,
    };
    let unauthorized = draft.transport.status == 401;
    exchange.pass(&mut draft);
    if let (Some(id_token), Some(end_user)) = (draft.members.get("id_token").and_then(Value::as_str), end_user) {
        remember(exchange.issuer, id_token, end_user);
    }
    let answer = Answer::json(draft).header("cache-control", "no-store").header("pragma", "no-cache");
    let by_header = exchange.header("authorization").is_some();
    if unauthorized && by_header { answer.header("www-authenticate", "Basic realm=\"token\"") } else { answer }
}

fn tokens(
    exchange: &mut Exchange<'_>,
    redeemed: Redeemed,
    access_token: String,
) -> Result<Map<String, Value>, Refusal> {
    let Redeemed { kind, name, uses, grant: original, scopes } = redeemed;
    let grant = Grant { scopes, ..original.clone() };
    let refresh_token = original.has_scope(OFFLINE_ACCESS).then(|| exchange.issuer.random_text(32));
    let mut members = Map::new();
    members.insert("access_token".into(), access_token.clone().into());
    members.insert("token_type".into(), "Bearer".into());
    members.insert("expires_in".into(), LIFETIME.into());
    // A scope of nothing is no scope (RFC 6749 §3.3).
    if !grant.scopes.is_empty() {
        members.insert("scope".into(), grant.scopes.join(" ").into());
    }
    members.extend(refresh_token.clone().map(|token| ("refresh_token".to_owned(), token.into())));
    if grant.has_scope(OPENID) {
        // OIDC Core §12.2: of the tokens that follow, none repeats the nonce.
        let nonce = grant.nonce.clone().filter(|_| kind == RedeemableKind::Code);
        let id_token = id_token(exchange, &Grant { nonce, ..grant.clone() }, &access_token)
            .map_err(|error| refusal(error.status(), describe(error)))?;
        members.insert("id_token".into(), id_token.into());
    }
    let expires_at = exchange.issuer.clock.now() + LIFETIME;
    let issued = Issued { access_token, refresh_token };
    exchange.issuer.store().exchange((kind, &name, uses), issued, AccessToken { grant, expires_at }, original);
    Ok(members)
}

fn id_token(exchange: &mut Exchange<'_>, grant: &Grant, access_token: &str) -> Result<String, OAuthError> {
    let issuer = exchange.issuer;
    let publication = issuer.publication();
    let settings = &publication.settings;
    let gone = || OAuthError::new("invalid_grant", "the end-user no longer exists");
    let user = issuer.end_user(&grant.end_user).ok_or_else(gone)?;
    let now = issuer.clock.now();
    let mut claims = Map::new();
    claims.insert("iss".into(), issuer.url.clone().into());
    claims.insert("sub".into(), user.sub.clone().into());
    claims.insert("aud".into(), publication.audience.clone());
    if settings.authorized_party {
        claims.insert("azp".into(), publication.client.id.clone().into());
    }
    claims.insert("iat".into(), now.into());
    claims.insert("exp".into(), (now + i64::from(settings.id_token_lifetime)).into());
    claims.extend(grant.auth_time.map(|at| ("auth_time".to_owned(), at.into())));
    claims.extend(grant.nonce.clone().map(|nonce| ("nonce".to_owned(), nonce.into())));
    if settings.access_token_hash {
        claims.insert("at_hash".into(), settings.signing_algorithm.half_hash(access_token).into());
    }
    if settings.session_ids {
        claims.insert("sid".into(), grant.sid.clone().into());
    }
    claims.extend(publication.further_claims.clone());
    claims.extend(settings.claims_in_id_token(|| user.claims_for(&grant.scopes)));
    let unsigned = || OAuthError::new("server_error", "the provider could not sign the ID token");
    let jose = issuer.jose(&publication, settings.signing_algorithm).map_err(|_| unsigned())?;
    let mut draft = Draft::signed(Message::IdToken, claims, jose);
    exchange.pass(&mut draft);
    issuer.sign(&draft).map_err(|_| unsigned())
}
