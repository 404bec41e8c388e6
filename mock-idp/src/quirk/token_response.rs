//! The token response (RFC 6749 §5, OIDC Core §3.1.3.3): how it arrives, its
//! members, and tokens of the wrong kind.

use serde_json::{Value, json};
use url::form_urlencoded;

use super::operation::Operation::{Function, Redirect, Remove, Set, WebPage, Write};
use super::{Parameter, Quirk};
use crate::message::Draft;
use crate::message::Member::{Body, ContentType, Location, Named, Status};
use crate::message::Message::{IdToken, TokenResponse};
use crate::protocol::{LOGOUT_EVENT, text_of};

pub(super) const ROWS: &[Quirk] = &[
    Quirk {
        name: "token-status",
        text: "The token endpoint answers with this status and an error.",
        requirement: "RFC 6749 §5.2",
        parameter: Parameter::Status { default: 500 },
        touches: &[(TokenResponse, Status), (TokenResponse, Body)],
        operation: Function(|draft, argument, _| {
            draft.transport.status = argument.status();
            draft.transport.body = Some("{\"error\":\"server_error\"}".into());
        }),
    },
    Quirk {
        name: "token-html",
        text: "The token endpoint sends a web page instead of tokens, as a proxy in front of the provider does.",
        requirement: "RFC 6749 §5.1",
        parameter: Parameter::Flag,
        touches: &[(TokenResponse, Body), (TokenResponse, ContentType)],
        operation: WebPage,
    },
    Quirk {
        name: "token-bad-json",
        text: "The token response ends in the middle, so it is not valid JSON.",
        requirement: "RFC 6749 §5.1",
        parameter: Parameter::Flag,
        touches: &[(TokenResponse, Body)],
        operation: Write(|_, _| "{\"access_token\":".into()),
    },
    Quirk {
        name: "token-missing-access-token",
        text: "The token response has no `access_token`.",
        requirement: "RFC 6749 §5.1",
        parameter: Parameter::Flag,
        touches: &[(TokenResponse, Named("access_token"))],
        operation: Remove,
    },
    Quirk {
        name: "token-missing-type",
        text: "The token response has no `token_type`, so the client does not know how to use the token.",
        requirement: "RFC 6749 §5.1",
        parameter: Parameter::Flag,
        touches: &[(TokenResponse, Named("token_type"))],
        operation: Remove,
    },
    Quirk {
        name: "token-missing-id-token",
        text: "The token response has no `id_token`, although the client requested the scope `openid`.",
        requirement: "OIDC Core §3.1.3.3",
        parameter: Parameter::Flag,
        touches: &[(TokenResponse, Named("id_token"))],
        operation: Remove,
    },
    Quirk {
        name: "token-type",
        text: "`token_type` of the token response is not `Bearer`. The value `bearer` is the same type in lower case, \
               and valid.",
        requirement: "RFC 6749 §7.1",
        parameter: Parameter::Text { default: "mac" },
        touches: &[(TokenResponse, Named("token_type"))],
        operation: Set,
    },
    Quirk {
        name: "tokens-with-status",
        text: "The token response has valid tokens, but this status instead of 200.",
        requirement: "RFC 6749 §5.1",
        parameter: Parameter::Status { default: 201 },
        touches: &[(TokenResponse, Status)],
        operation: Set,
    },
    Quirk {
        name: "token-redirect",
        text: "The token endpoint redirects to another URL. A client that follows the redirect sends the code and the \
               client secret there.",
        requirement: "RFC 9110 §15.4.8",
        parameter: Parameter::Text { default: "https://attacker.example/token" },
        touches: &[(TokenResponse, Status), (TokenResponse, Location), (TokenResponse, Body)],
        operation: Redirect(307),
    },
    Quirk {
        name: "token-body",
        text: "The token endpoint does not send the expected JSON object, but a list or a string that contains the \
               object, a form, an empty body, `null`, or an error with a success status.",
        requirement: "RFC 6749 §5.1",
        parameter: Parameter::Choice(&["array", "text", "form", "empty", "null", "error"]),
        touches: &[(TokenResponse, Body), (TokenResponse, ContentType)],
        operation: Function(|draft, argument, _| {
            let object = Value::Object(draft.members.clone());
            draft.transport.body = Some(match argument.text() {
                "array" => json!([object]).to_string(),
                "text" => Value::String(object.to_string()).to_string(),
                "form" => {
                    draft.transport.content_type = "application/x-www-form-urlencoded".into();
                    let pairs = draft.members.iter().map(|(name, value)| (name, text_of(value)));
                    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
                }
                "empty" => String::new(),
                "null" => "null".into(),
                _ => json!({ "error": "invalid_grant", "error_description": "the code is invalid" }).to_string(),
            });
        }),
    },
    Quirk {
        name: "token-content-type",
        text: "The token response is valid JSON, but has this `Content-Type`.",
        requirement: "RFC 6749 §5.1",
        parameter: Parameter::Text { default: "text/plain" },
        touches: &[(TokenResponse, ContentType)],
        operation: Set,
    },
    Quirk {
        name: "token-member-twice",
        text: "The token response has `access_token` twice: first with an invalid value, then with the correct one.",
        requirement: "RFC 8259 §4",
        parameter: Parameter::Flag,
        touches: &[(TokenResponse, Body)],
        operation: Write(|members, _| {
            json!(members).to_string().replacen('{', "{\"access_token\":\"token-of-another-end-user\",", 1)
        }),
    },
    Quirk {
        name: "odd-access-token",
        text: "`access_token` of the token response is not a token but an empty string, a number, `null`, or a list.",
        requirement: "RFC 6749 §5.1",
        parameter: Parameter::Choice(&["empty", "number", "null", "list"]),
        touches: &[(TokenResponse, Named("access_token"))],
        operation: Function(|draft, argument, _| {
            let value = match argument.text() {
                "empty" => json!(""),
                "number" => json!(12_345),
                "null" => Value::Null,
                _ => json!(["a-token"]),
            };
            put(draft, "access_token", Some(value));
        }),
    },
    Quirk {
        name: "odd-id-token",
        text: "`id_token` of the token response is not an ID token but an empty string, a number, `null`, a string \
               that is not a token, or the access token.",
        requirement: "OIDC Core §3.1.3.3",
        parameter: Parameter::Choice(&["empty", "number", "null", "junk", "access-token"]),
        touches: &[(TokenResponse, Named("id_token"))],
        operation: Function(|draft, argument, _| {
            let value = match argument.text() {
                "empty" => json!(""),
                "number" => json!(12_345),
                "null" => Value::Null,
                "junk" => json!("not.a.token"),
                _ => draft.members.get("access_token").cloned().unwrap_or_default(),
            };
            put(draft, "id_token", Some(value));
        }),
    },
    Quirk {
        name: "logout-token-as-id-token",
        text: "`id_token` of the token response is a logout token without its `typ`: it has the logout event and no \
               `nonce`.",
        requirement: "RFC 8725 §3.12",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Named("events")), (IdToken, Named("nonce")), (IdToken, Named("jti"))],
        operation: Function(|draft, _, _| {
            draft.remove(Named("nonce"));
            draft.set(Named("jti"), "token-1".into());
            draft.set(Named("events"), json!({ LOGOUT_EVENT: {} }));
        }),
    },
    Quirk {
        name: "expires-in",
        text: "`expires_in` of the token response is missing, a string, very large, a fraction, or negative.",
        requirement: "RFC 6749 §5.1",
        parameter: Parameter::Choice(&["absent", "text", "huge", "fraction", "negative"]),
        touches: &[(TokenResponse, Named("expires_in"))],
        operation: Function(|draft, argument, _| {
            let value = match argument.text() {
                "absent" => None,
                "text" => Some(json!("3600")),
                "huge" => Some(json!(9_007_199_254_740_991_i64)),
                "fraction" => Some(json!(3599.5)),
                _ => Some(json!(-1)),
            };
            put(draft, "expires_in", value);
        }),
    },
    Quirk {
        name: "token-scope",
        text: "`scope` of the token response is missing, only `openid`, or a list.",
        requirement: "RFC 6749 §3.3",
        parameter: Parameter::Choice(&["absent", "reduced", "list"]),
        touches: &[(TokenResponse, Named("scope"))],
        operation: Function(|draft, argument, _| {
            let value = match argument.text() {
                "absent" => None,
                "reduced" => Some(json!("openid")),
                _ => Some(json!(["openid", "email", "profile"])),
            };
            put(draft, "scope", value);
        }),
    },
    Quirk {
        name: "refresh-token",
        text: "The token response has a refresh token that the client did not request, as a string or as a number.",
        requirement: "RFC 6749 §5.1",
        parameter: Parameter::Choice(&["text", "number"]),
        touches: &[(TokenResponse, Named("refresh_token"))],
        operation: Function(|draft, argument, _| {
            let value = if argument.text() == "text" { json!("token-for-later") } else { json!(12_345) };
            put(draft, "refresh_token", Some(value));
        }),
    },
];

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
