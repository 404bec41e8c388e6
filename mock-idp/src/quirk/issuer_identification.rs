//! `iss` in the authorization response (RFC 9207): which provider answered.

use super::{Parameter, Quirk};
use crate::member::Member::Named;
use crate::message::Message::{AuthorizationResponse, Discovery};

const PROMISE: &str = "authorization_response_iss_parameter_supported";

/// `iss` names somebody else.
pub(super) static WRONG_AUTHORIZATION_RESPONSE_ISSUER: Quirk = Quirk {
    name: "wrong-authorization-response-issuer",
    text: "The callback says in `iss` that another provider answered, which is how a mix-up attack shows.",
    requirement: "RFC 9207 §2.4",
    parameter: Parameter::Text { default: "https://attacker.example" },
    touches: &[(AuthorizationResponse, Named("iss"))],
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
    touches: &[(AuthorizationResponse, Named("iss"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("iss");
    },
};

/// `iss` comes without a promise.
pub(super) static AUTHORIZATION_RESPONSE_ISSUER_NOT_ADVERTISED: Quirk = Quirk {
    name: "authorization-response-issuer-not-advertised",
    text: "The provider names itself in callbacks without promising so in its discovery document, as Google does.",
    requirement: "RFC 9207 §3",
    parameter: Parameter::Flag,
    touches: &[(Discovery, Named(PROMISE))],
    apply: |draft, _, _| {
        draft.members.shift_remove(PROMISE);
    },
};

/// The code of another provider.
pub(super) static MIX_UP: Quirk = Quirk {
    name: "mix-up",
    text: "The callback comes from another provider: its code and its `iss` are that one's.",
    requirement: "RFC 9700 §4.4",
    parameter: Parameter::Text { default: "https://attacker.example" },
    touches: &[(AuthorizationResponse, Named("code")), (AuthorizationResponse, Named("iss"))],
    apply: |draft, argument, _| {
        draft.members.insert("code".into(), "code-of-another-provider".into());
        draft.members.insert("iss".into(), argument.text().into());
    },
};
