//! Checks of the header and the claims of a JWT, each with a name by which a
//! defect can leave it out or put another in its place. Here are those that
//! several kinds of token have alike; the lists are with the kinds.

use serde_json::Value;

use super::id_token::{Expectation, Jwt, is_audience};

/// One named check.
pub(super) struct TokenCheck {
    pub(super) name: &'static str,
    pub(super) holds: fn(&Jwt, &Expectation<'_>) -> bool,
}

impl std::fmt::Debug for TokenCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// The one algorithm that was agreed on (RFC 8725 §3.1).
pub(super) static ALGORITHM: TokenCheck = TokenCheck {
    name: "algorithm",
    holds: |jwt, expected| jwt.header.get("alg").and_then(Value::as_str) == Some(expected.algorithm),
};

/// No extension is understood (RFC 7515 §4.1.11).
pub(super) static CRITICAL: TokenCheck =
    TokenCheck { name: "critical", holds: |jwt, _| !jwt.header.contains_key("crit") };

pub(super) static ISSUER: TokenCheck = TokenCheck {
    name: "issuer",
    holds: |jwt, expected| jwt.claims.get("iss").and_then(Value::as_str) == Some(expected.issuer),
};

pub(super) static AUDIENCE: TokenCheck =
    TokenCheck { name: "audience", holds: |jwt, expected| is_audience(&jwt.claims, expected.client_id) };

pub(super) static ISSUED_AT: TokenCheck =
    TokenCheck { name: "issued-at", holds: |jwt, _| jwt.claims.get("iat").is_some_and(Value::is_number) };

pub(super) static HAS_EXPIRY: TokenCheck =
    TokenCheck { name: "has-expiry", holds: |jwt, _| jwt.claims.get("exp").is_some_and(Value::is_number) };
