//! The authorization response (RFC 6749 §4.1.2, RFC 9207).

use serde_json::Map;

use super::{Parameter, Quirk};
use crate::draft::Message::{AuthorizationResponse, Verdict};

/// Another `state` comes back.
pub(super) static WRONG_STATE: Quirk = Quirk {
    name: "wrong-state",
    text: "Another `state` comes back than the one that was sent, as when somebody slips in a foreign callback.",
    requirement: "RFC 6749 §10.12",
    parameter: Parameter::Text { default: "state-of-somebody-else" },
    touches: &[(AuthorizationResponse, "state")],
    apply: |draft, argument, _| {
        draft.members.insert("state".into(), argument.text().into());
    },
};

/// No `state` comes back.
pub(super) static MISSING_STATE: Quirk = Quirk {
    name: "missing-state",
    text: "No `state` comes back.",
    requirement: "RFC 6749 §4.1.2",
    parameter: Parameter::Flag,
    touches: &[(AuthorizationResponse, "state")],
    apply: |draft, _, _| {
        draft.members.shift_remove("state");
    },
};

/// No `code` comes back.
pub(super) static MISSING_CODE: Quirk = Quirk {
    name: "missing-code",
    text: "The user agent comes back without a code.",
    requirement: "RFC 6749 §4.1.2",
    parameter: Parameter::Flag,
    touches: &[(AuthorizationResponse, "code")],
    apply: |draft, _, _| {
        draft.members.shift_remove("code");
    },
};

/// An error comes back.
pub(super) static ERROR_REDIRECT: Quirk = Quirk {
    name: "error-redirect",
    text: "The user agent comes back with this error instead of a code.",
    requirement: "RFC 6749 §4.1.2.1",
    parameter: Parameter::Text { default: "access_denied" },
    touches: &[(AuthorizationResponse, "code"), (AuthorizationResponse, "error")],
    apply: |draft, argument, _| {
        draft.members.shift_remove("code");
        draft.members.insert("error".into(), argument.text().into());
    },
};

/// `iss` names somebody else.
pub(super) static WRONG_AUTHORIZATION_RESPONSE_ISSUER: Quirk = Quirk {
    name: "wrong-authorization-response-issuer",
    text: "The callback says in `iss` that another provider answered, which is how a mix-up attack shows.",
    requirement: "RFC 9207 §2.4",
    parameter: Parameter::Text { default: "https://attacker.example" },
    touches: &[(AuthorizationResponse, "iss")],
    apply: |draft, argument, _| {
        draft.members.insert("iss".into(), argument.text().into());
    },
};

/// `iss` is promised and left out.
pub(super) static MISSING_AUTHORIZATION_RESPONSE_ISSUER: Quirk = Quirk {
    name: "missing-authorization-response-issuer",
    text: "The provider promises to name itself in every callback, and does not.",
    requirement: "RFC 9207 §2.4",
    parameter: Parameter::Flag,
    touches: &[(AuthorizationResponse, "iss")],
    apply: |draft, _, _| {
        draft.members.shift_remove("iss");
    },
};

/// Custom schemes are refused.
pub(super) static CUSTOM_SCHEME_REFUSED: Quirk = Quirk {
    name: "custom-scheme-refused",
    text: "The provider takes only http and https redirect URIs, so that the mobile app needs the override.",
    requirement: "RFC 8252 §7.1",
    parameter: Parameter::Flag,
    touches: &[(Verdict, "accept"), (Verdict, "page")],
    apply: |draft, _, scene| {
        let uri = scene.parameter("redirect_uri").unwrap_or_default();
        if !uri.starts_with("http://") && !uri.starts_with("https://") {
            draft.members = Map::new();
            draft.members.insert("accept".into(), false.into());
            draft.members.insert("page".into(), "redirect URIs with a custom scheme are not allowed".into());
        }
    },
};
