//! How an ID token, or any other JWT, is read, and what an ID token must say
//! (OIDC Core §3.1.3.7).

use serde_json::{Map, Value};

use super::declaration::rules;
use crate::constant_time::are_equal;
use crate::reference::message::{
    ALGORITHM, AUDIENCE, CRITICAL, ForeignKey, HAS_EXPIRY, ISSUED_AT, ISSUER, Jwt, TOLERANCE, TokenCheck, TokenChecks,
    is_another_kind, is_hash, parse, seconds, time,
};

rules! {
    /// How an ID token is read and checked.
    IdTokenRules {
        /// Whether an ID token must be there.
        required: bool = true;
        /// The letters of a token that are read.
        letters: fn(&str) -> String = ToOwned::to_owned;
        /// How it, or any other JWT, is taken apart.
        parse: fn(&str) -> Option<Jwt> = parse;
        /// Whether an ID token that cannot be taken apart ends the sign-in.
        unreadable_ends: bool = true;
        /// The checks of its header and claims.
        checks: TokenChecks = TokenChecks::new(CHECKS);
        /// Whether it, or any other JWT, counts without a signature.
        counts_unsigned: fn(&str, &Jwt) -> bool = |_, _| false;
        /// Which keys count besides the provider's own, for any JWT.
        foreign_key: Option<ForeignKey> = None;
    }
}

static CHECKS: &[&TokenCheck] = &[
    &ALGORITHM,
    &CRITICAL,
    &TokenCheck { name: "type", holds: |jwt, _| !is_another_kind(&jwt.header, "id_token+jwt") },
    &ISSUER,
    &AUDIENCE,
    &TokenCheck { name: "only-audience", holds: |jwt, _| !has_more_audiences(&jwt.claims) },
    &TokenCheck {
        name: "authorized-party",
        holds: |jwt, expected| jwt.claims.get("azp").is_none_or(|azp| azp == expected.client_id),
    },
    &TokenCheck {
        name: "subject",
        holds: |jwt, _| jwt.claims.get("sub").and_then(Value::as_str).is_some_and(|sub| !sub.is_empty()),
    },
    &ISSUED_AT,
    &HAS_EXPIRY,
    &TokenCheck {
        name: "expiry",
        holds: |jwt, expected| time(&jwt.claims, "exp").is_none_or(|exp| exp + TOLERANCE > seconds(expected.now)),
    },
    &TokenCheck {
        name: "not-before",
        holds: |jwt, expected| match time(&jwt.claims, "nbf") {
            Some(nbf) => nbf - TOLERANCE <= seconds(expected.now),
            None => !jwt.claims.contains_key("nbf"),
        },
    },
    &TokenCheck {
        name: "access-token-hash",
        holds: |jwt, expected| {
            // By the algorithm of the token itself, agreed on or not.
            let algorithm = jwt.header.get("alg").and_then(Value::as_str).unwrap_or_default();
            jwt.claims.get("at_hash").is_none_or(|hash| is_hash(hash, algorithm, expected.access_token))
        },
    },
    &TokenCheck {
        name: "nonce",
        holds: |jwt, expected| match (jwt.claims.get("nonce"), expected.nonce) {
            (None, None) => true,
            (Some(Value::String(found)), Some(sent)) => are_equal(found, sent),
            _ => false,
        },
    },
    // A logout token may say nothing of its type, and has all other claims.
    &TokenCheck { name: "events", holds: |jwt, _| !jwt.claims.contains_key("events") },
];

/// Whether `aud` names others, too, and no `azp` says whose it is.
fn has_more_audiences(claims: &Map<String, Value>) -> bool {
    let several = claims.get("aud").and_then(Value::as_array).is_some_and(|list| list.len() > 1);
    several && !claims.contains_key("azp")
}
