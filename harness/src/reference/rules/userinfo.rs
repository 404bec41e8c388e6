//! What `UserInfo` is asked for and may answer (OIDC Core §5.3).

use reqwest::RequestBuilder;
use serde_json::{Map, Value};

use super::declaration::rules;
use crate::reference::message::{ALGORITHM, CRITICAL, TokenCheck, TokenChecks, is_audience};

/// What an answer can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Plain claims.
    Plain,
    /// A JWT.
    Token,
}

rules! {
    /// What `UserInfo` is asked for and may answer.
    UserInfoRules {
        /// Shows the access token (RFC 6750 §2.1), and nothing of the
        /// settings.
        ask: fn(RequestBuilder, &str, &Value) -> RequestBuilder = |request, token, _| request.bearer_auth(token);
        /// Whether the request goes on, token and all, to where UserInfo sends
        /// it.
        redirect_followed: bool = false;
        /// Whether an answer of this status counts.
        status: fn(u16) -> bool = |status| status == 200;
        /// What counts besides what was agreed on.
        besides: Option<Form> = None;
        /// The checks of a signed answer.
        checks: TokenChecks = TokenChecks::new(CHECKS);
        /// Whether its `sub` fits that of the ID token.
        subject: fn(&Map<String, Value>, &Map<String, Value>) -> bool =
            |id_token, userinfo| id_token.get("sub") == userinfo.get("sub");
        /// Whether claims that the ID token lacks are asked for even where it
        /// has an email.
        completes: bool = true;
        /// What its claims add to those of the ID token.
        adds: fn(&mut Map<String, Value>, Map<String, Value>) = |claims, userinfo| {
            for (name, value) in userinfo {
                claims.entry(name).or_insert(value);
            }
        };
    }
}

/// The checks of an answer that is a JWT. It need not say who made it and for
/// whom (OIDC Core §5.3.2); if it does, it must be right.
static CHECKS: &[&TokenCheck] = &[
    &ALGORITHM,
    &CRITICAL,
    &TokenCheck {
        name: "issuer",
        holds: |jwt, expected| jwt.claims.get("iss").is_none_or(|issuer| issuer == expected.issuer),
    },
    &TokenCheck {
        name: "audience",
        holds: |jwt, expected| !jwt.claims.contains_key("aud") || is_audience(&jwt.claims, expected.client_id),
    },
];
