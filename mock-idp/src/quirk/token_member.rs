//! Members of the token response (RFC 6749 §5.1): their presence, their
//! types, and tokens of the wrong kind.

use serde_json::{Value, json};

use super::{Parameter, Quirk};
use crate::draft::Draft;
use crate::member::Member::Named;
use crate::message::Message::{IdToken, TokenResponse};
use crate::protocol::LOGOUT_EVENT;

/// Puts `value` in the place of a member; leaves the member out if there is
/// none. Refusals stay as they are.
fn put(draft: &mut Draft, member: &str, value: Option<Value>) {
    if !draft.members.contains_key("access_token") {
        return;
    }
    match value {
        Some(value) => drop(draft.members.insert(member.into(), value)),
        None => drop(draft.members.shift_remove(member)),
    }
}

/// An access token that is none.
pub(super) static ODD_ACCESS_TOKEN: Quirk = Quirk {
    name: "odd-access-token",
    text: "The `access_token` is not a token: an empty text, a number, `null`, or a list.",
    requirement: "RFC 6749 §5.1",
    parameter: Parameter::Choice(&["empty", "number", "null", "list"]),
    touches: &[(TokenResponse, Named("access_token"))],
    apply: |draft, argument, _| {
        let value = match argument.text() {
            "empty" => json!(""),
            "number" => json!(12_345),
            "null" => Value::Null,
            _ => json!(["a-token"]),
        };
        put(draft, "access_token", Some(value));
    },
};

/// An ID token that is none.
pub(super) static ODD_ID_TOKEN: Quirk = Quirk {
    name: "odd-id-token",
    text: "The `id_token` is not an ID token: an empty text, a number, `null`, something else that is no token, or \
           the access token once more.",
    requirement: "OIDC Core §3.1.3.3",
    parameter: Parameter::Choice(&["empty", "number", "null", "junk", "access-token"]),
    touches: &[(TokenResponse, Named("id_token"))],
    apply: |draft, argument, _| {
        let value = match argument.text() {
            "empty" => json!(""),
            "number" => json!(12_345),
            "null" => Value::Null,
            "junk" => json!("not.a.token"),
            _ => draft.members.get("access_token").cloned().unwrap_or_default(),
        };
        put(draft, "id_token", Some(value));
    },
};

/// A logout token.
pub(super) static LOGOUT_TOKEN_AS_ID_TOKEN: Quirk = Quirk {
    name: "logout-token-as-id-token",
    text: "What comes as the ID token is a logout token that does not say so in its header: it names the event of a \
           logout and has no nonce.",
    requirement: "RFC 8725 §3.12",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Named("events")), (IdToken, Named("nonce")), (IdToken, Named("jti"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("nonce");
        draft.members.insert("jti".into(), "token-1".into());
        draft.members.insert("events".into(), json!({ LOGOUT_EVENT: {} }));
    },
};

/// Another lifetime.
pub(super) static EXPIRES_IN: Quirk = Quirk {
    name: "expires-in",
    text: "The lifetime of the access token is left out, a text, very long, a fraction, or below zero.",
    requirement: "RFC 6749 §5.1",
    parameter: Parameter::Choice(&["absent", "text", "huge", "fraction", "negative"]),
    touches: &[(TokenResponse, Named("expires_in"))],
    apply: |draft, argument, _| {
        let value = match argument.text() {
            "absent" => None,
            "text" => Some(json!("3600")),
            "huge" => Some(json!(9_007_199_254_740_991_i64)),
            "fraction" => Some(json!(3599.5)),
            _ => Some(json!(-1)),
        };
        put(draft, "expires_in", value);
    },
};

/// Another scope.
pub(super) static TOKEN_SCOPE: Quirk = Quirk {
    name: "token-scope",
    text: "The token response does not say which scopes were granted, says that it was only `openid`, or says it as a \
           list.",
    requirement: "RFC 6749 §3.3",
    parameter: Parameter::Choice(&["absent", "reduced", "list"]),
    touches: &[(TokenResponse, Named("scope"))],
    apply: |draft, argument, _| {
        let value = match argument.text() {
            "absent" => None,
            "reduced" => Some(json!("openid")),
            _ => Some(json!(["openid", "email", "profile"])),
        };
        put(draft, "scope", value);
    },
};

/// A refresh token.
pub(super) static REFRESH_TOKEN: Quirk = Quirk {
    name: "refresh-token",
    text: "A refresh token comes along that nobody asked for; as a text, or as a number.",
    requirement: "RFC 6749 §5.1",
    parameter: Parameter::Choice(&["text", "number"]),
    touches: &[(TokenResponse, Named("refresh_token"))],
    apply: |draft, argument, _| {
        let value = if argument.text() == "text" { json!("token-for-later") } else { json!(12_345) };
        put(draft, "refresh_token", Some(value));
    },
};
