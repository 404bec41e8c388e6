//! What the provider makes of Proof Key for Code Exchange (RFC 7636). What it
//! says of it stands in the discovery document.

use super::authorization_request::refuse;
use super::token_request::object;
use super::{Parameter, Quirk};
use crate::member::Member::{Accept, Named};
use crate::message::Message::{TokenVerdict, Verdict};

/// Requests with PKCE are refused.
pub(super) static PKCE_REFUSED: Quirk = Quirk {
    name: "pkce-refused",
    text: "The provider stumbles over PKCE: it refuses requests that bring a code challenge.",
    requirement: "RFC 6749 §3.1",
    parameter: Parameter::Flag,
    touches: &[(Verdict, Accept), (Verdict, Named("error")), (Verdict, Named("error_description"))],
    apply: |draft, _, scene| {
        if scene.parameter("code_challenge").is_some() {
            refuse(draft, "invalid_request", "the parameter code_challenge is not known");
        }
    },
};

/// A verifier without a challenge is wanted.
pub(super) static VERIFIER_DEMANDED: Quirk = Quirk {
    name: "verifier-demanded",
    text: "The token endpoint wants a PKCE verifier, even where no challenge was sent before.",
    requirement: "RFC 7636 §4.6",
    parameter: Parameter::Flag,
    touches: &[(TokenVerdict, Named("code_verifier"))],
    apply: |draft, _, scene| {
        if scene.parameter("code_verifier").is_none() {
            object(draft, "code_verifier", "invalid_grant", "a code verifier is required");
        }
    },
};
