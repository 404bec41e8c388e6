//! What the provider makes of the token request (RFC 6749 §4.1.3): demands
//! that go beyond it, refusals in other words, and things it lets pass.

use serde_json::{Value, json};

use super::{Parameter, Quirk};
use crate::draft::Draft;
use crate::member::Member::Named;
use crate::message::Message::{Discovery, TokenVerdict};

/// Objects to the request.
pub(super) fn object(draft: &mut Draft, about: &str, error: &str, description: &str) {
    let objection = json!({ "status": 400, "error": error, "error_description": description });
    draft.members.insert(about.to_owned(), objection);
}

/// The client must sign.
pub(super) static PRIVATE_KEY_JWT_DEMANDED: Quirk = Quirk {
    name: "private-key-jwt-demanded",
    text: "The token endpoint takes no client secret; the client must prove who it is with a signed token.",
    requirement: "OIDC Core §9",
    parameter: Parameter::Flag,
    touches: &[(Discovery, Named("token_endpoint_auth_methods_supported")), (TokenVerdict, Named("client"))],
    apply: |draft, _, scene| match draft.message {
        Discovery => {
            draft.members.insert("token_endpoint_auth_methods_supported".into(), json!(["private_key_jwt"]));
        }
        _ if scene.parameter("client_assertion").is_none() => {
            object(draft, "client", "invalid_client", "a client assertion is required");
            draft.members["client"]["status"] = 401.into();
        }
        _ => {}
    },
};

/// A proof of possession is wanted.
pub(super) static DPOP_DEMANDED: Quirk = Quirk {
    name: "dpop-demanded",
    text: "The token endpoint wants proof that the client holds a key (DPoP), or sends a nonce to be put into it.",
    requirement: "RFC 9449 §5",
    parameter: Parameter::Choice(&["proof", "nonce"]),
    touches: &[(TokenVerdict, Named("dpop"))],
    apply: |draft, argument, scene| {
        if scene.header("dpop").is_some() {
            return;
        }
        if argument.text() == "nonce" {
            object(draft, "dpop", "use_dpop_nonce", "the DPoP proof must hold the nonce");
            draft.transport.headers.push(("dpop-nonce", "nonce-of-this-provider".into()));
        } else {
            object(draft, "dpop", "invalid_dpop_proof", "a DPoP proof is required");
        }
    },
};

/// An error in the provider's own words.
pub(super) static TOKEN_ERROR: Quirk = Quirk {
    name: "token-error",
    text: "The token endpoint refuses with this error, which may be one that no specification knows.",
    requirement: "RFC 6749 §5.2",
    parameter: Parameter::Text { default: "invalid request" },
    touches: &[(TokenVerdict, Named("request"))],
    apply: |draft, argument, _| object(draft, "request", argument.text(), "the request cannot be served"),
};

/// Another status for clients that are not known.
pub(super) static INVALID_CLIENT_STATUS: Quirk = Quirk {
    name: "invalid-client-status",
    text: "Clients that do not prove who they are get this status instead of 401.",
    requirement: "RFC 6749 §5.2",
    parameter: Parameter::Status { default: 400 },
    touches: &[(TokenVerdict, Named("client"))],
    apply: |draft, argument, _| {
        if let Some(objection) = draft.members.get_mut("client") {
            objection["status"] = argument.status().into();
        }
    },
};

/// A code works more than once.
pub(super) static CODE_REUSE_ACCEPTED: Quirk = Quirk {
    name: "code-reuse-accepted",
    text: "A code can be exchanged for tokens more than once.",
    requirement: "RFC 6749 §4.1.2",
    parameter: Parameter::Flag,
    touches: &[(TokenVerdict, Named("reuse"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("reuse");
    },
};

/// Redirect URIs are compared loosely.
pub(super) static REDIRECT_URI_COMPARISON: Quirk = Quirk {
    name: "redirect-uri-comparison",
    text: "The token endpoint does not compare the redirect URI byte for byte with that of the authorization request: \
           not at all, or without case, slashes and query, or without the query.",
    requirement: "RFC 6749 §4.1.3",
    parameter: Parameter::Choice(&["none", "normalised", "without-query"]),
    touches: &[(TokenVerdict, Named("redirect_uri"))],
    apply: |draft, argument, scene| {
        let Some(objection) = draft.members.get("redirect_uri") else { return };
        let wanted = objection.get("wanted").and_then(Value::as_str).unwrap_or_default();
        let given = scene.parameter("redirect_uri").unwrap_or_default();
        let without_query = |uri: &str| uri.split('?').next().unwrap_or_default().to_owned();
        let normal = |uri: &str| without_query(uri).to_lowercase().replace('/', "");
        let alike = match argument.text() {
            "normalised" => normal(wanted) == normal(given),
            "without-query" => without_query(wanted) == without_query(given),
            _ => true,
        };
        if alike {
            draft.members.shift_remove("redirect_uri");
        }
    },
};
