//! The token response (RFC 6749 §5, OIDC Core §3.1.3.3).

use super::{Parameter, Quirk};
use crate::draft::Message::TokenResponse;

/// The token endpoint fails.
pub(super) static TOKEN_STATUS: Quirk = Quirk {
    name: "token-status",
    text: "The token endpoint answers with this status and an error.",
    requirement: "RFC 6749 §5.2",
    parameter: Parameter::Number { default: 500 },
    touches: &[(TokenResponse, "status"), (TokenResponse, "body")],
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
    touches: &[(TokenResponse, "body"), (TokenResponse, "content-type")],
    apply: |draft, _, _| {
        draft.transport.content_type = "text/html".into();
        draft.transport.body = Some("<!doctype html><title>Sign in</title>".into());
    },
};

/// Not JSON.
pub(super) static TOKEN_BAD_JSON: Quirk = Quirk {
    name: "token-bad-json",
    text: "The token response breaks off in the middle.",
    requirement: "RFC 6749 §5.1",
    parameter: Parameter::Flag,
    touches: &[(TokenResponse, "body")],
    apply: |draft, _, _| draft.transport.body = Some("{\"access_token\":".into()),
};

/// No access token.
pub(super) static TOKEN_MISSING_ACCESS_TOKEN: Quirk = Quirk {
    name: "token-missing-access-token",
    text: "The token response has no `access_token`.",
    requirement: "RFC 6749 §5.1",
    parameter: Parameter::Flag,
    touches: &[(TokenResponse, "access_token")],
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
    touches: &[(TokenResponse, "token_type")],
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
    touches: &[(TokenResponse, "id_token")],
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
    touches: &[(TokenResponse, "token_type")],
    apply: |draft, argument, _| {
        draft.members.insert("token_type".into(), argument.text().into());
    },
};
