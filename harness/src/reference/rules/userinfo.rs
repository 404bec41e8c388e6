//! What `UserInfo` is asked for and may answer (OIDC Core §5.3).

use serde_json::{Map, Value};

use super::declaration::rules;
use super::token_check::{ALGORITHM, CRITICAL, TokenCheck, TokenChecks};
use crate::relying_party::{Answer, MemberType, SubjectMatch};

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
        /// What the address says, given the access token and the settings.
        query: fn(&str, &Value) -> Vec<(&'static str, String)> = |_, _| Vec::new();
        /// Whether an answer of this status counts.
        status: fn(u16) -> bool = |status| status == 200;
        /// The claims of a plain answer, given what is usually read in it.
        plain: fn(&Answer, Map<String, Value>) -> Map<String, Value> = |_, claims| claims;
        /// Whether a failure ends the sign-in where the ID token is not enough.
        failure_ends: bool = true;
        /// What counts besides what was agreed on.
        besides: Option<Form> = None;
        /// The checks of a signed answer.
        checks: TokenChecks = TokenChecks::new(CHECKS);
        /// Whether its `sub` fits that of the ID token.
        subject: fn(&Map<String, Value>, &Map<String, Value>) -> bool =
            |id_token, userinfo| matches!(SubjectMatch::of(id_token, userinfo), SubjectMatch::Same | SubjectMatch::Absent);
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
    &TokenCheck { name: "issuer", holds: |token| token.issuer.fits_if_present() },
    &TokenCheck {
        name: "audience",
        holds: |token| token.audience.member == MemberType::Absent || token.audience.names_client,
    },
];
