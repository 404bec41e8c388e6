//! Claims that bind the ID token to its sign-in: `nonce`, `at_hash`,
//! `c_hash`, `auth_time` (OIDC Core §2, §3.1.3.6, §3.3.2.11).

use serde_json::Value;

use super::value::as_type;
use super::{Parameter, Quirk};
use crate::member::Member::Named;
use crate::message::Message::IdToken;

/// A `nonce` that is nearly none.
pub(super) static EMPTY_NONCE: Quirk = Quirk {
    name: "empty-nonce",
    text: "The ID token has a `nonce` that is nearly none: an empty text, null, or a number.",
    requirement: "OIDC Core §2",
    parameter: Parameter::Choice(&["text", "null", "number"]),
    touches: &[(IdToken, Named("nonce"))],
    apply: |draft, argument, _| {
        let nonce = match argument.text() {
            "text" => "".into(),
            "number" => 0.into(),
            _ => Value::Null,
        };
        draft.members.insert("nonce".into(), nonce);
    },
};

/// `at_hash` of another access token.
pub(super) static WRONG_ACCESS_TOKEN_HASH: Quirk = Quirk {
    name: "wrong-access-token-hash",
    text: "`at_hash` of the ID token belongs to another access token than the one beside it.",
    requirement: "OIDC Core §3.1.3.8",
    parameter: Parameter::Text { default: "77QmUPtjPfzWtF2AnpK9RQ" },
    touches: &[(IdToken, Named("at_hash"))],
    apply: |draft, argument, _| {
        draft.members.insert("at_hash".into(), argument.text().into());
    },
};

/// `c_hash` of another code.
pub(super) static WRONG_CODE_HASH: Quirk = Quirk {
    name: "wrong-code-hash",
    text: "`c_hash` of the ID token belongs to another code than the one that was brought.",
    requirement: "OIDC Core §3.3.2.11",
    parameter: Parameter::Text { default: "LDktKdoQak3Pk0cnXxCltA" },
    touches: &[(IdToken, Named("c_hash"))],
    apply: |draft, argument, _| {
        draft.members.insert("c_hash".into(), argument.text().into());
    },
};

/// `auth_time` is no number.
pub(super) static AUTHENTICATION_TIME_NOT_A_NUMBER: Quirk = Quirk {
    name: "authentication-time-not-a-number",
    text: "The ID token says in `auth_time` when the end-user signed in, but not as a number.",
    requirement: "OIDC Core §2",
    parameter: Parameter::Choice(&["text", "null", "list"]),
    touches: &[(IdToken, Named("auth_time"))],
    apply: |draft, argument, scene| {
        draft.members.insert("auth_time".into(), as_type(Some(&scene.now.into()), argument.text()));
    },
};
