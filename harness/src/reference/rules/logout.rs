//! How signing out goes, by oneself (OIDC RP-Initiated Logout §2) or by the
//! provider (OIDC Back-Channel Logout §2.6).

use axum::http::StatusCode;
use serde_json::Value;

use super::declaration::rules;
use crate::reference::message::{
    ALGORITHM, AUDIENCE, CRITICAL, HAS_EXPIRY, ISSUED_AT, ISSUER, Metadata, TOLERANCE, TokenCheck, TokenChecks,
    is_another_kind, seconds, time,
};
use crate::reference::state::{BrowserSession, text};

/// A session, by its token.
type Holder<'a> = (&'a str, &'a BrowserSession);

rules! {
    /// How signing out goes.
    SignOutRules {
        /// Whether a sign-out requires a session.
        guarded: bool = true;
        /// Whether the second session ends when the first signs out.
        ends: for<'a> fn(Holder<'a>, Holder<'a>) -> bool = |(own, _), (other, _)| own == other;
        /// The cookies that are taken back.
        cookies: &'static [&'static str] = &["immich_access_token", "immich_auth_type", "immich_is_authenticated"];
        /// Whether signing out leads to the provider, given how it was signed
        /// in.
        redirects: fn(Option<&str>) -> bool = |kind| kind == Some("oauth");
        /// Where signing out leads whatever the provider says, given the
        /// settings.
        configured: for<'a> fn(&'a Value) -> &'a str = |settings| text(settings, "endSessionEndpoint");
        /// Whether the provider is asked even so, and its failure counts.
        asks_anyway: bool = false;
        /// Where it leads by what the provider says.
        end_session: fn(&Metadata) -> String = |metadata| metadata.text("end_session_endpoint").to_owned();
        /// Whether a sign-out fails while the provider is down.
        needs_provider: bool = false;
        /// What tells the provider who signs out.
        hint: fn(BrowserSession) -> Option<String> = |session| session.id_token;
        /// The status of the answer, once it is done.
        status: u16 = 200;
    }
}

rules! {
    /// What a logout token must be, and what it does.
    LogoutTokenRules {
        /// The checks of its header and claims.
        checks: TokenChecks = TokenChecks::new(CHECKS);
        /// Whether it must name an end-user or a session.
        names: bool = true;
        /// Whether a session is meant, given whether it fits the subject and
        /// the session id that the token names, if it names them.
        means: fn(Option<bool>, Option<bool>) -> bool =
            |by_sub, by_sid| by_sub.unwrap_or(true) && by_sid.unwrap_or(true);
        /// Whether one for a person ends their sessions by password, too.
        ends_all: bool = false;
        /// Whether it refuses one that matches no end-user.
        wants_session: bool = false;
        /// Whether it ends sessions.
        ends: bool = true;
        /// Whether what is no logout token ends all sessions.
        junk_ends_all: bool = false;
        /// The status of the answer to one that did its work.
        status: StatusCode = StatusCode::OK;
        /// Whether the answer forbids caching.
        uncached: bool = true;
    }
}

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// A logout token is good for this many seconds.
const MAX_AGE: f64 = 125.0;

static CHECKS: &[&TokenCheck] = &[
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
