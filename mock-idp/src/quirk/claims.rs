//! Claims of the ID token (OIDC Core §2, §3.1.3.7).

use serde_json::json;

use super::value::from_now;
use super::{Parameter, Quirk};
use crate::member::Member::Named;
use crate::message::Message::IdToken;

/// `iss` names somebody else.
pub(super) static WRONG_ISSUER: Quirk = Quirk {
    name: "wrong-issuer",
    text: "The ID token says in `iss` that another provider made it.",
    requirement: "OIDC Core §3.1.3.7 (2)",
    parameter: Parameter::Text { default: "https://attacker.example" },
    touches: &[(IdToken, Named("iss"))],
    apply: |draft, argument, _| {
        draft.members.insert("iss".into(), argument.text().into());
    },
};

/// No `iss`.
pub(super) static MISSING_ISSUER: Quirk = Quirk {
    name: "missing-issuer",
    text: "The ID token does not say who made it: `iss` is left out.",
    requirement: "OIDC Core §2",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Named("iss"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("iss");
    },
};

/// `aud` names another client.
pub(super) static WRONG_AUDIENCE: Quirk = Quirk {
    name: "wrong-audience",
    text: "The ID token was made for another client: `aud` names that one.",
    requirement: "OIDC Core §3.1.3.7 (3)",
    parameter: Parameter::Text { default: "another-client" },
    touches: &[(IdToken, Named("aud"))],
    apply: |draft, argument, _| {
        draft.members.insert("aud".into(), argument.text().into());
    },
};

/// `aud` names one more client.
pub(super) static EXTRA_AUDIENCE: Quirk = Quirk {
    name: "extra-audience",
    text: "The ID token was made for this client and for one that it does not trust; no `azp` says whose it is.",
    requirement: "OIDC Core §3.1.3.7 (3)",
    parameter: Parameter::Text { default: "another-client" },
    touches: &[(IdToken, Named("aud"))],
    apply: |draft, argument, scene| {
        draft.members.insert("aud".into(), json!([scene.client_id, argument.text()]));
    },
};

/// No `aud`.
pub(super) static MISSING_AUDIENCE: Quirk = Quirk {
    name: "missing-audience",
    text: "The ID token does not say for whom it is: `aud` is left out.",
    requirement: "OIDC Core §2",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Named("aud"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("aud");
    },
};

/// `azp` names another client.
pub(super) static WRONG_AUTHORIZED_PARTY: Quirk = Quirk {
    name: "wrong-authorized-party",
    text: "The ID token says in `azp` that it was issued to another client.",
    requirement: "OIDC Core §3.1.3.7 (5)",
    parameter: Parameter::Text { default: "another-client" },
    touches: &[(IdToken, Named("azp"))],
    apply: |draft, argument, _| {
        draft.members.insert("azp".into(), argument.text().into());
    },
};

/// No `sub`.
pub(super) static MISSING_SUBJECT: Quirk = Quirk {
    name: "missing-subject",
    text: "The ID token does not say who signed in: `sub` is left out.",
    requirement: "OIDC Core §2",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Named("sub"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("sub");
    },
};

/// An empty `sub`.
pub(super) static EMPTY_SUBJECT: Quirk = Quirk {
    name: "empty-subject",
    text: "The ID token names nobody: `sub` is an empty text.",
    requirement: "OIDC Core §2",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Named("sub"))],
    apply: |draft, _, _| {
        draft.members.insert("sub".into(), "".into());
    },
};

/// No `iat`.
pub(super) static MISSING_ISSUED_AT: Quirk = Quirk {
    name: "missing-issued-at",
    text: "The ID token does not say when it was made: `iat` is left out.",
    requirement: "OIDC Core §2",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Named("iat"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("iat");
    },
};

/// No `exp`.
pub(super) static MISSING_EXPIRY: Quirk = Quirk {
    name: "missing-expiry",
    text: "The ID token never runs out: `exp` is left out.",
    requirement: "OIDC Core §2",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Named("exp"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("exp");
    },
};

/// `exp` in the past.
pub(super) static EXPIRED: Quirk = Quirk {
    name: "expired",
    text: "The ID token ran out some seconds ago: `exp` lies in the past.",
    requirement: "OIDC Core §3.1.3.7 (9)",
    parameter: Parameter::Number { default: 3600 },
    touches: &[(IdToken, Named("exp"))],
    apply: |draft, argument, scene| from_now(draft, "exp", scene, -argument.number()),
};

/// `nbf` in the future.
pub(super) static NOT_YET_VALID: Quirk = Quirk {
    name: "not-yet-valid",
    text: "The ID token may not be used for some seconds yet: `nbf` lies in the future.",
    requirement: "RFC 7519 §4.1.5",
    parameter: Parameter::Number { default: 3600 },
    touches: &[(IdToken, Named("nbf"))],
    apply: |draft, argument, scene| from_now(draft, "nbf", scene, argument.number()),
};

/// A `nonce` nobody asked for.
pub(super) static UNSOLICITED_NONCE: Quirk = Quirk {
    name: "unsolicited-nonce",
    text: "The ID token answers another request: its `nonce` is not the one that was sent, if one was sent at all.",
    requirement: "OIDC Core §3.1.3.7 (11)",
    parameter: Parameter::Text { default: "nonce-of-another-request" },
    touches: &[(IdToken, Named("nonce"))],
    apply: |draft, argument, _| {
        draft.members.insert("nonce".into(), argument.text().into());
    },
};
