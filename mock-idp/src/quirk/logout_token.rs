//! The logout token (OIDC Back-Channel Logout §2.4, §2.6).

use serde_json::json;

use super::signature::unsign;
use super::value::from_now;
use super::{Parameter, Quirk};
use crate::jose::Seal;
use crate::member::Member::{Header, Named, Signature};
use crate::message::Message::LogoutToken;

/// `iss` names somebody else.
pub(super) static LOGOUT_WRONG_ISSUER: Quirk = Quirk {
    name: "logout-wrong-issuer",
    text: "The logout token says that another provider made it.",
    requirement: "OIDC Back-Channel Logout §2.6 (4)",
    parameter: Parameter::Text { default: "https://attacker.example" },
    touches: &[(LogoutToken, Named("iss"))],
    apply: |draft, argument, _| {
        draft.members.insert("iss".into(), argument.text().into());
    },
};

/// `aud` names another client.
pub(super) static LOGOUT_WRONG_AUDIENCE: Quirk = Quirk {
    name: "logout-wrong-audience",
    text: "The logout token was made for another client.",
    requirement: "OIDC Back-Channel Logout §2.6 (4)",
    parameter: Parameter::Text { default: "another-client" },
    touches: &[(LogoutToken, Named("aud"))],
    apply: |draft, argument, _| {
        draft.members.insert("aud".into(), argument.text().into());
    },
};

/// No `events`.
pub(super) static LOGOUT_MISSING_EVENTS: Quirk = Quirk {
    name: "logout-missing-events",
    text: "The logout token does not say that it is one: `events` is left out, as in an ID token.",
    requirement: "OIDC Back-Channel Logout §2.6 (6)",
    parameter: Parameter::Flag,
    touches: &[(LogoutToken, Named("events"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("events");
    },
};

/// Another event.
pub(super) static LOGOUT_WRONG_EVENT: Quirk = Quirk {
    name: "logout-wrong-event",
    text: "The logout token announces another event than a logout.",
    requirement: "OIDC Back-Channel Logout §2.6 (6)",
    parameter: Parameter::Text { default: "https://schemas.example/event/something-else" },
    touches: &[(LogoutToken, Named("events"))],
    apply: |draft, argument, _| {
        draft.members.insert("events".into(), json!({ argument.text(): {} }));
    },
};

/// A `nonce`.
pub(super) static LOGOUT_NONCE: Quirk = Quirk {
    name: "logout-nonce",
    text: "The logout token has a `nonce`, which only ID tokens may have.",
    requirement: "OIDC Back-Channel Logout §2.6 (7)",
    parameter: Parameter::Text { default: "a-nonce" },
    touches: &[(LogoutToken, Named("nonce"))],
    apply: |draft, argument, _| {
        draft.members.insert("nonce".into(), argument.text().into());
    },
};

/// No `iat`.
pub(super) static LOGOUT_MISSING_ISSUED_AT: Quirk = Quirk {
    name: "logout-missing-issued-at",
    text: "The logout token does not say when it was made.",
    requirement: "OIDC Back-Channel Logout §2.4",
    parameter: Parameter::Flag,
    touches: &[(LogoutToken, Named("iat"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("iat");
    },
};

/// An old token.
pub(super) static LOGOUT_STALE: Quirk = Quirk {
    name: "logout-stale",
    text: "The logout token was made this many seconds ago, and has run out since.",
    requirement: "OIDC Back-Channel Logout §2.6 (4)",
    parameter: Parameter::Number { default: 3600 },
    touches: &[(LogoutToken, Named("iat")), (LogoutToken, Named("exp"))],
    apply: |draft, argument, scene| {
        from_now(draft, "iat", scene, -argument.number());
        from_now(draft, "exp", scene, 120 - argument.number());
    },
};

/// The signature does not fit.
pub(super) static LOGOUT_BAD_SIGNATURE: Quirk = Quirk {
    name: "logout-bad-signature",
    text: "The logout token was changed on the way: its signature does not fit.",
    requirement: "OIDC Back-Channel Logout §2.6 (2)",
    parameter: Parameter::Flag,
    touches: &[(LogoutToken, Signature)],
    apply: |draft, _, _| draft.jose.seal = Seal::Tampered,
};

/// `alg: none`.
pub(super) static LOGOUT_UNSIGNED: Quirk = Quirk {
    name: "logout-unsigned",
    text: "The logout token is not signed at all: its header says `alg: none`.",
    requirement: "OIDC Back-Channel Logout §2.6 (3)",
    parameter: Parameter::Flag,
    touches: &[(LogoutToken, Header("alg")), (LogoutToken, Header("kid")), (LogoutToken, Signature)],
    apply: |draft, _, _| unsign(draft, "none"),
};

/// A key that is not published.
pub(super) static LOGOUT_UNKNOWN_SIGNING_KEY: Quirk = Quirk {
    name: "logout-unknown-signing-key",
    text: "The logout token is signed with a key that the provider does not publish.",
    requirement: "OIDC Back-Channel Logout §2.6 (2)",
    parameter: Parameter::Flag,
    touches: &[(LogoutToken, Signature)],
    apply: |draft, _, _| draft.jose.seal = Seal::Stranger,
};
