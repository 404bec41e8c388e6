//! Checks of the header and the claims of a JWT, each with a name by which a
//! defect can leave it out or put another in its place. Here are those that
//! several kinds of token have alike; the lists are with the rules.

use serde_json::Value;

use super::jwt::{Jwt, is_audience};

/// What a token is held against.
#[derive(Debug)]
pub struct Expectation<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub algorithm: &'a str,
    pub now: i64,
    /// The access token that came beside it, if one did.
    pub access_token: Option<&'a str>,
    /// The nonce that was sent, if one was.
    pub nonce: Option<&'a str>,
}

/// One named check.
pub struct TokenCheck {
    pub name: &'static str,
    pub holds: fn(&Jwt, &Expectation<'_>) -> bool,
}

impl std::fmt::Debug for TokenCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// What one kind of token must pass; by default nothing.
#[derive(Debug, Clone, Default)]
pub struct TokenChecks {
    named: Vec<&'static TokenCheck>,
    /// Whether its signature is verified.
    pub signature: bool,
}

impl TokenChecks {
    /// These, and the signature.
    pub fn new(named: &[&'static TokenCheck]) -> Self {
        Self { named: named.to_vec(), signature: true }
    }

    /// Whether header and claims pass.
    pub fn hold(&self, jwt: &Jwt, expected: &Expectation<'_>) -> bool {
        self.named.iter().all(|check| (check.holds)(jwt, expected))
    }

    /// Adds one.
    pub fn add(&mut self, check: &'static TokenCheck) {
        self.named.push(check);
    }

    /// Leaves out the one of this name.
    pub fn leave_out(&mut self, name: &str) {
        self.named.retain(|check| check.name != name);
    }

    /// Puts one in the place of that of its name.
    pub fn replace(&mut self, check: &'static TokenCheck) {
        self.leave_out(check.name);
        self.add(check);
    }
}

/// The one algorithm that was agreed on (RFC 8725 §3.1).
pub static ALGORITHM: TokenCheck = TokenCheck {
    name: "algorithm",
    holds: |jwt, expected| jwt.header.get("alg").and_then(Value::as_str) == Some(expected.algorithm),
};

/// No extension is understood (RFC 7515 §4.1.11).
pub static CRITICAL: TokenCheck = TokenCheck { name: "critical", holds: |jwt, _| !jwt.header.contains_key("crit") };

pub static ISSUER: TokenCheck = TokenCheck {
    name: "issuer",
    holds: |jwt, expected| jwt.claims.get("iss").and_then(Value::as_str) == Some(expected.issuer),
};

pub static AUDIENCE: TokenCheck =
    TokenCheck { name: "audience", holds: |jwt, expected| is_audience(&jwt.claims, expected.client_id) };

pub static ISSUED_AT: TokenCheck =
    TokenCheck { name: "issued-at", holds: |jwt, _| jwt.claims.get("iat").is_some_and(Value::is_number) };

pub static HAS_EXPIRY: TokenCheck =
    TokenCheck { name: "has-expiry", holds: |jwt, _| jwt.claims.get("exp").is_some_and(Value::is_number) };
