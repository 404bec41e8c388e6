//! The token response as a whole (RFC 6749 §5, OIDC Core §3.1.3.3), and
//! members that are left out. Their types are for [`super::token_member`].

use serde_json::{Value, json};
use url::form_urlencoded;

use super::answer::{redirect, web_page};
use super::{Parameter, Quirk};
use crate::member::Member::{Body, ContentType, Location, Named, Status};
use crate::message::Message::TokenResponse;
use crate::protocol::text_of;

/// The token endpoint fails.
pub(super) static TOKEN_STATUS: Quirk = Quirk {
    name: "token-status",
    text: "The token endpoint answers with this status and an error.",
    requirement: "RFC 6749 §5.2",
    parameter: Parameter::Status { default: 500 },
    touches: &[(TokenResponse, Status), (TokenResponse, Body)],
    apply: |draft, argument, _| {
        draft.transport.status = argument.status();
        draft.transport.body = Some("{\"error\":\"server_error\"}".into());
    },
};

/// A web page instead of tokens.
pub(super) static TOKEN_HTML: Quirk = Quirk {
    name: "token-html",
    text: "A web page comes instead of tokens, as from a proxy in front of the provider.",
    requirement: "RFC 6749 §5.1",
    parameter: Parameter::Flag,
    touches: &[(TokenResponse, Body), (TokenResponse, ContentType)],
    apply: |draft, _, _| web_page(draft),
};

/// Not JSON.
pub(super) static TOKEN_BAD_JSON: Quirk = Quirk {
    name: "token-bad-json",
    text: "The token response breaks off in the middle.",
    requirement: "RFC 6749 §5.1",
    parameter: Parameter::Flag,
    touches: &[(TokenResponse, Body)],
    apply: |draft, _, _| draft.transport.body = Some("{\"access_token\":".into()),
};

/// No access token.
pub(super) static TOKEN_MISSING_ACCESS_TOKEN: Quirk = Quirk {
    name: "token-missing-access-token",
    text: "The token response has no `access_token`.",
    requirement: "RFC 6749 §5.1",
    parameter: Parameter::Flag,
    touches: &[(TokenResponse, Named("access_token"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("access_token");
    },
};

/// No token type.
pub(super) static TOKEN_MISSING_TYPE: Quirk = Quirk {
    name: "token-missing-type",
    text: "The token response has no `token_type`, so that nobody knows how to use the token.",
    requirement: "RFC 6749 §5.1",
    parameter: Parameter::Flag,
    touches: &[(TokenResponse, Named("token_type"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("token_type");
    },
};

/// No ID token.
pub(super) static TOKEN_MISSING_ID_TOKEN: Quirk = Quirk {
    name: "token-missing-id-token",
    text: "The token response has no `id_token` although `openid` was granted.",
    requirement: "OIDC Core §3.1.3.3",
    parameter: Parameter::Flag,
    touches: &[(TokenResponse, Named("id_token"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("id_token");
    },
};

/// Another token type.
pub(super) static TOKEN_TYPE: Quirk = Quirk {
    name: "token-type",
    text: "The access token is of this type; `bearer` is the right one in another case.",
    requirement: "RFC 6749 §7.1",
    parameter: Parameter::Text { default: "mac" },
    touches: &[(TokenResponse, Named("token_type"))],
    apply: |draft, argument, _| {
        draft.members.insert("token_type".into(), argument.text().into());
    },
};

/// Tokens with another status.
pub(super) static TOKENS_WITH_STATUS: Quirk = Quirk {
    name: "tokens-with-status",
    text: "The tokens come with this status instead of 200.",
    requirement: "RFC 6749 §5.1",
    parameter: Parameter::Status { default: 201 },
    touches: &[(TokenResponse, Status)],
    apply: |draft, argument, _| draft.transport.status = argument.status(),
};

/// Somewhere else.
pub(super) static TOKEN_REDIRECT: Quirk = Quirk {
    name: "token-redirect",
    text: "The token endpoint sends the client elsewhere; whoever follows takes code and secret there.",
    requirement: "RFC 9110 §15.4.8",
    parameter: Parameter::Text { default: "https://attacker.example/token" },
    touches: &[(TokenResponse, Status), (TokenResponse, Location), (TokenResponse, Body)],
    apply: |draft, argument, _| redirect(draft, 307, argument.text()),
};

/// A body of another shape.
pub(super) static TOKEN_BODY: Quirk = Quirk {
    name: "token-body",
    text: "The body of the token response is not the JSON object that it should be: the object in an array, the \
           object as a text, encoded as a form, nothing at all, `null`, or an error with a status that says it went \
           well.",
    requirement: "RFC 6749 §5.1",
    parameter: Parameter::Choice(&["array", "text", "form", "empty", "null", "error"]),
    touches: &[(TokenResponse, Body), (TokenResponse, ContentType)],
    apply: |draft, argument, _| {
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
            _ => json!({ "error": "invalid_grant", "error_description": "the code is not good" }).to_string(),
        });
    },
};

/// Another content type.
pub(super) static TOKEN_CONTENT_TYPE: Quirk = Quirk {
    name: "token-content-type",
    text: "The token response is JSON as it should be, but says that it is of this type.",
    requirement: "RFC 6749 §5.1",
    parameter: Parameter::Text { default: "text/plain" },
    touches: &[(TokenResponse, ContentType)],
    apply: |draft, argument, _| draft.transport.content_type = argument.text().to_owned().into(),
};

/// A member twice.
pub(super) static TOKEN_MEMBER_TWICE: Quirk = Quirk {
    name: "token-member-twice",
    text: "The token response has `access_token` twice: a wrong one, then the right one.",
    requirement: "RFC 8259 §4",
    parameter: Parameter::Flag,
    touches: &[(TokenResponse, Body)],
    apply: |draft, _, _| {
        let object = Value::Object(draft.members.clone()).to_string();
        draft.transport.body = Some(object.replacen('{', "{\"access_token\":\"token-of-somebody-else\",", 1));
    },
};
