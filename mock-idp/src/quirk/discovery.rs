//! The discovery document and the key set (OIDC Discovery §4, RFC 7517).

use serde_json::json;

use super::{Parameter, Quirk};
use crate::draft::Message::{Discovery, Jwks, Verdict};

/// The document names another issuer.
pub(super) static ISSUER_MISMATCH: Quirk = Quirk {
    name: "issuer-mismatch",
    text: "The discovery document names another issuer than the one that was asked.",
    requirement: "OIDC Discovery §4.3",
    parameter: Parameter::Text { default: "https://attacker.example" },
    touches: &[(Discovery, "issuer")],
    apply: |draft, argument, _| {
        draft.members.insert("issuer".into(), argument.text().into());
    },
};

/// PKCE works but is not advertised.
pub(super) static PKCE_NOT_ADVERTISED: Quirk = Quirk {
    name: "pkce-not-advertised",
    text: "The provider knows PKCE but does not say so: `code_challenge_methods_supported` is left out.",
    requirement: "RFC 9700 §2.1.1",
    parameter: Parameter::Flag,
    touches: &[(Discovery, "code_challenge_methods_supported")],
    apply: |draft, _, _| {
        draft.members.shift_remove("code_challenge_methods_supported");
    },
};

/// PKCE is required but not advertised.
pub(super) static PKCE_REQUIRED_NOT_ADVERTISED: Quirk = Quirk {
    name: "pkce-required-not-advertised",
    text: "The provider refuses requests without PKCE but does not say so in its discovery document.",
    requirement: "RFC 9700 §2.1.1",
    parameter: Parameter::Flag,
    touches: &[
        (Discovery, "code_challenge_methods_supported"),
        (Verdict, "accept"),
        (Verdict, "error"),
        (Verdict, "error_description"),
    ],
    apply: |draft, _, scene| match draft.message {
        Discovery => {
            draft.members.shift_remove("code_challenge_methods_supported");
        }
        Verdict if scene.parameter("code_challenge").is_none() => {
            draft.members.insert("accept".into(), false.into());
            draft.members.insert("error".into(), "invalid_request".into());
            draft.members.insert("error_description".into(), "a code challenge is required".into());
        }
        _ => {}
    },
};

/// Discovery fails.
pub(super) static DISCOVERY_STATUS: Quirk = Quirk {
    name: "discovery-status",
    text: "The discovery document cannot be had: the provider answers with this status.",
    requirement: "OIDC Discovery §4.2",
    parameter: Parameter::Number { default: 503 },
    touches: &[(Discovery, "status")],
    apply: |draft, argument, _| draft.transport.status = argument.status(),
};

/// Discovery is a web page.
pub(super) static DISCOVERY_HTML: Quirk = Quirk {
    name: "discovery-html",
    text: "A web page comes instead of the discovery document, as from a proxy that asks for a login.",
    requirement: "OIDC Discovery §4.2",
    parameter: Parameter::Flag,
    touches: &[(Discovery, "body"), (Discovery, "content-type")],
    apply: |draft, _, _| {
        draft.transport.content_type = "text/html".into();
        draft.transport.body = Some("<!doctype html><title>Sign in</title>".into());
    },
};

/// Discovery redirects.
pub(super) static DISCOVERY_REDIRECT: Quirk = Quirk {
    name: "discovery-redirect",
    text: "The provider sends clients elsewhere for its discovery document.",
    requirement: "OIDC Discovery §4.2",
    parameter: Parameter::Text { default: "https://attacker.example/.well-known/openid-configuration" },
    touches: &[(Discovery, "status"), (Discovery, "location"), (Discovery, "body")],
    apply: |draft, argument, _| {
        draft.transport.status = 302;
        draft.transport.location = Some(argument.text().to_owned());
        draft.transport.body = Some(String::new());
    },
};

/// Discovery is not JSON.
pub(super) static DISCOVERY_BAD_JSON: Quirk = Quirk {
    name: "discovery-bad-json",
    text: "The discovery document breaks off in the middle.",
    requirement: "OIDC Discovery §4.2",
    parameter: Parameter::Flag,
    touches: &[(Discovery, "body")],
    apply: |draft, _, _| draft.transport.body = Some("{\"issuer\":".into()),
};

/// The key set fails.
pub(super) static JWKS_STATUS: Quirk = Quirk {
    name: "jwks-status",
    text: "The provider's keys cannot be had: it answers with this status.",
    requirement: "OIDC Core §10.1",
    parameter: Parameter::Number { default: 500 },
    touches: &[(Jwks, "status")],
    apply: |draft, argument, _| draft.transport.status = argument.status(),
};

/// The key set is empty.
pub(super) static JWKS_EMPTY: Quirk = Quirk {
    name: "jwks-empty",
    text: "The provider publishes no keys.",
    requirement: "OIDC Core §10.1",
    parameter: Parameter::Flag,
    touches: &[(Jwks, "keys")],
    apply: |draft, _, _| {
        draft.members.insert("keys".into(), json!([]));
    },
};
