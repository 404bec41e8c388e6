//! Back-channel logout (OIDC Back-Channel Logout §2.6).

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use serde_json::Value;
use url::form_urlencoded;

use super::callback::text;
use super::id_token::{Expectation, TOLERANCE, is_another_kind, seconds, time};
use super::reply::{Refusal, Reply};
use super::server::Server;
use super::token_check::{ALGORITHM, AUDIENCE, CRITICAL, HAS_EXPIRY, ISSUED_AT, ISSUER, TokenCheck};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// A logout token is good for this many seconds.
const MAX_AGE: f64 = 125.0;

/// All checks.
pub(super) static CHECKS: &[&TokenCheck] = &[
    &ALGORITHM,
    &ISSUER,
    &AUDIENCE,
    &CRITICAL,
    &TokenCheck { name: "type", holds: |jwt, _| !is_another_kind(&jwt.header, "logout+jwt") },
    &TokenCheck {
        name: "events",
        holds: |jwt, _| jwt.claims.get("events").and_then(|events| events.get(EVENT)).is_some_and(Value::is_object),
    },
    &TokenCheck { name: "nonce", holds: |jwt, _| !jwt.claims.contains_key("nonce") },
    &TokenCheck {
        name: "token-id",
        holds: |jwt, _| jwt.claims.get("jti").and_then(Value::as_str).is_some_and(|id| !id.is_empty()),
    },
    &ISSUED_AT,
    &HAS_EXPIRY,
    &TokenCheck {
        name: "age",
        holds: |jwt, expected| {
            let now = seconds(expected.now);
            time(&jwt.claims, "iat").is_none_or(|iat| now - iat <= MAX_AGE && iat - now <= TOLERANCE)
        },
    },
    &TokenCheck {
        name: "expiry",
        holds: |jwt, expected| time(&jwt.claims, "exp").is_none_or(|exp| exp > seconds(expected.now)),
    },
    &TokenCheck {
        name: "names",
        holds: |jwt, _| {
            let name = |claim: &str| {
                jwt.claims.get(claim).is_none_or(|name| name.as_str().is_some_and(|name| !name.is_empty()))
            };
            name("sub") && name("sid")
        },
    },
];

pub(super) async fn logout(State(server): State<Arc<Server>>, body: String) -> Reply {
    let settings = server.oauth();
    let wrong = || Refusal::bad("Error backchannel logout: token validation failed");
    let token = form_urlencoded::parse(body.as_bytes()).find(|(name, _)| name == "logout_token");
    let done = || server.rules.logout_token_status.into_response();
    // What cannot be read.
    let junk = |refusal: Refusal| {
        if !server.rules.logout_junk_ends_all {
            return Err(refusal);
        }
        server.store().sessions.clear();
        Ok(done())
    };
    let Some((_, token)) = token else {
        return junk(Refusal::bad("[logout_token] Invalid input: expected string, received undefined"));
    };
    if !(server.rules.enabled_at_backchannel)(&settings) {
        return Err(Refusal::bad("Received backchannel logout request but OAuth is not enabled"));
    }
    let metadata = server.discover(&settings).await.map_err(|_| wrong())?;
    let Some(jwt) = (server.rules.reading.parse)(&token) else { return junk(wrong()) };
    let expected = Expectation {
        issuer: metadata.text("issuer"),
        client_id: text(&settings, "clientId"),
        algorithm: text(&settings, "signingAlgorithm"),
        now: server.now(),
        access_token: None,
        nonce: None,
    };
    if !server.rules.logout_token.iter().all(|check| (check.holds)(&jwt, &expected)) {
        return Err(wrong());
    }
    if server.rules.logout_signature && !server.signature_is_right(&token, &jwt, &metadata, &settings).await {
        return Err(wrong());
    }
    let claim = |name: &str| jwt.claims.get(name).and_then(Value::as_str);
    let (sub, sid) = (claim("sub"), claim("sid"));
    if sub.is_none() && sid.is_none() && server.rules.logout_token_names {
        return Err(Refusal::bad("Invalid logout token: it must contain either a sub or a sid claim"));
    }
    let mut store = server.store();
    if !store.spent.insert(claim("jti").unwrap_or(&token).to_owned()) {
        return Err(wrong());
    }
    let linked = |sub| store.accounts.iter().filter(move |account| account.oauth_id == sub);
    let accounts: Option<Vec<String>> = sub.map(|sub| linked(sub).map(|account| account.id.clone()).collect());
    let meant = |session: &super::state::Session| {
        // A session that was opened with a password is not the provider's.
        let opened_there = session.id_token.is_some() || session.sid.is_some() || server.rules.logout_token_ends_all;
        let by_sub = accounts.as_ref().map(|ids| ids.contains(&session.account) && opened_there);
        let by_sid = sid.map(|sid| session.sid.as_deref() == Some(sid));
        (server.rules.logout_token_means)(by_sub, by_sid)
    };
    if server.rules.logout_token_wants_session && !store.sessions.values().any(&meant) {
        return Err(wrong());
    }
    if server.rules.logout_token_ends {
        store.sessions.retain(|_, session| !meant(session));
    }
    let mut response = done();
    if server.rules.logout_answer_uncached {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}
