//! The parameters of the authorization response (RFC 6749 §4.1.2): state,
//! errors, and what comes too often or too much. The code has a file of its
//! own, and so have `iss` and the ways in which all of them travel.

use serde_json::{Value, json};
use url::form_urlencoded;

use super::{Parameter, Quirk};
use crate::member::Member::Named;
use crate::message::Message::AuthorizationResponse;

/// Another `state` comes back.
pub(super) static WRONG_STATE: Quirk = Quirk {
    name: "wrong-state",
    text: "Another `state` comes back than the one that was sent, as when somebody slips in a foreign callback.",
    requirement: "RFC 6749 §10.12",
    parameter: Parameter::Text { default: "state-of-somebody-else" },
    touches: &[(AuthorizationResponse, Named("state"))],
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
    touches: &[(AuthorizationResponse, Named("state"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("state");
    },
};

/// The `state` comes back changed.
pub(super) static ALTERED_STATE: Quirk = Quirk {
    name: "altered-state",
    text: "The `state` does not come back as it was sent: encoded twice, in upper case, cut in half, or with a blank \
           at its end.",
    requirement: "RFC 6749 §4.1.2",
    parameter: Parameter::Choice(&["double-encoded", "upper-case", "truncated", "trailing-blank"]),
    touches: &[(AuthorizationResponse, Named("state"))],
    apply: |draft, argument, _| {
        let Some(Value::String(state)) = draft.members.get_mut("state") else { return };
        *state = match argument.text() {
            "double-encoded" => form_urlencoded::byte_serialize(state.as_bytes()).collect(),
            "upper-case" => state.to_uppercase(),
            "truncated" => state.chars().take(state.chars().count() / 2).collect(),
            _ => format!("{state} "),
        };
    },
};

/// An error comes back.
pub(super) static ERROR_REDIRECT: Quirk = Quirk {
    name: "error-redirect",
    text: "The user agent comes back with this error instead of a code.",
    requirement: "RFC 6749 §4.1.2.1",
    parameter: Parameter::Text { default: "access_denied" },
    touches: &[(AuthorizationResponse, Named("code")), (AuthorizationResponse, Named("error"))],
    apply: |draft, argument, _| {
        draft.members.shift_remove("code");
        draft.members.insert("error".into(), argument.text().into());
    },
};

/// What the error says.
pub(super) static ERROR_DESCRIPTION: Quirk = Quirk {
    name: "error-description",
    text: "The callback describes an error in words full of odd characters, with an error or without one.",
    requirement: "RFC 6749 §4.1.2.1",
    parameter: Parameter::Text { default: "Zugriff \"verweigert\" & <b>Schluß</b> + 100 %" },
    touches: &[(AuthorizationResponse, Named("error_description"))],
    apply: |draft, argument, _| {
        draft.members.insert("error_description".into(), argument.text().into());
    },
};

/// Parameters that nobody asked for.
pub(super) static EXTRA_RESPONSE_PARAMETERS: Quirk = Quirk {
    name: "extra-response-parameters",
    text: "The callback has parameters that the specification does not know, as those of Keycloak, Entra ID and \
           Google have.",
    requirement: "RFC 6749 §4.1.2",
    parameter: Parameter::Flag,
    touches: &[
        (AuthorizationResponse, Named("session_state")),
        (AuthorizationResponse, Named("scope")),
        (AuthorizationResponse, Named("authuser")),
        (AuthorizationResponse, Named("hd")),
        (AuthorizationResponse, Named("prompt")),
        (AuthorizationResponse, Named("correlation")),
    ],
    apply: |draft, _, _| {
        let extras = [
            ("session_state", "c1a0e3f4-2b1d-4e5f"),
            ("scope", "email profile openid"),
            ("authuser", "0"),
            ("hd", "example.test"),
            ("prompt", "none"),
            ("correlation", "a/b+c=d"),
        ];
        draft.members.extend(extras.map(|(name, value)| (name.to_owned(), value.into())));
    },
};

/// A parameter comes twice.
pub(super) static REPEATED_RESPONSE_PARAMETER: Quirk = Quirk {
    name: "repeated-response-parameter",
    text: "This parameter of the callback comes twice: the right one, then another.",
    requirement: "RFC 6749 §3.1",
    parameter: Parameter::Choice(&["code", "state", "iss"]),
    touches: &[
        (AuthorizationResponse, Named("code")),
        (AuthorizationResponse, Named("state")),
        (AuthorizationResponse, Named("iss")),
    ],
    apply: |draft, argument, _| {
        if let Some(value) = draft.members.get_mut(argument.text()) {
            *value = json!([value.clone(), "of-somebody-else"]);
        }
    },
};
