//! What the provider makes of the authorization request (RFC 6749 §4.1.1):
//! demands that go beyond it, and pages that stay.

use serde_json::Map;

use super::{Parameter, Quirk};
use crate::draft::Draft;
use crate::member::Member::{Accept, Body, Location, Named, Page, Status};
use crate::message::Message::{AuthorizationResponse, Discovery, Verdict};

/// Refuses the request; the user agent comes back with the error.
pub(super) fn refuse(draft: &mut Draft, error: &str, description: &str) {
    draft.members.insert("accept".into(), false.into());
    draft.members.insert("error".into(), error.into());
    draft.members.insert("error_description".into(), description.into());
}

/// Ends the request on a page of the provider.
fn stay(draft: &mut Draft, status: u16, page: &str) {
    draft.members = Map::new();
    draft.members.insert("accept".into(), false.into());
    draft.members.insert("page".into(), page.into());
    draft.transport.status = status;
}

fn is_custom(uri: &str) -> bool {
    !uri.starts_with("http://") && !uri.starts_with("https://")
}

/// Custom schemes are refused.
pub(super) static CUSTOM_SCHEME_REFUSED: Quirk = Quirk {
    name: "custom-scheme-refused",
    text: "The provider takes only http and https redirect URIs, so that the mobile app needs the override.",
    requirement: "RFC 8252 §7.1",
    parameter: Parameter::Flag,
    touches: &[(Verdict, Accept), (Verdict, Page)],
    apply: |draft, _, scene| {
        if is_custom(scene.parameter("redirect_uri").unwrap_or_default()) {
            stay(draft, 400, "redirect URIs with a custom scheme are not allowed");
        }
    },
};

/// Custom schemes are accepted and then not followed.
pub(super) static CUSTOM_SCHEME_FAILS: Quirk = Quirk {
    name: "custom-scheme-fails",
    text: "The provider takes the app's redirect URI, and then its own page fails to go there, with this status.",
    requirement: "RFC 8252 §7.1",
    parameter: Parameter::Status { default: 500 },
    touches: &[(AuthorizationResponse, Status), (AuthorizationResponse, Location), (AuthorizationResponse, Body)],
    apply: |draft, argument, _| {
        if draft.transport.location.as_deref().is_some_and(is_custom) {
            draft.transport.status = argument.status();
            draft.transport.location = None;
            draft.transport.body = Some("this page cannot go to such an address".into());
        }
    },
};

/// A page that asks and waits.
pub(super) static CONSENT_PAGE: Quirk = Quirk {
    name: "consent-page",
    text: "The provider asks the end-user for consent, and nobody answers: the user agent stays on its page.",
    requirement: "OIDC Core §3.1.2.4",
    parameter: Parameter::Flag,
    touches: &[(Verdict, Accept), (Verdict, Page), (Verdict, Status)],
    apply: |draft, _, _| stay(draft, 200, "May this application know who you are?"),
};

/// `prompt` is not known.
pub(super) static PROMPT_REFUSED: Quirk = Quirk {
    name: "prompt-refused",
    text: "The provider does not know `prompt` and refuses requests that have it.",
    requirement: "OIDC Core §3.1.2.1",
    parameter: Parameter::Flag,
    touches: &[(Verdict, Accept), (Verdict, Named("error")), (Verdict, Named("error_description"))],
    apply: |draft, _, scene| {
        if scene.parameter("prompt").is_some() {
            refuse(draft, "invalid_request", "the prompt is not supported");
        }
    },
};

/// Requests must be pushed before.
pub(super) static PUSHED_REQUEST_DEMANDED: Quirk = Quirk {
    name: "pushed-request-demanded",
    text: "The provider wants authorization requests sent to it beforehand (PAR) and refuses all others.",
    requirement: "RFC 9126 §4",
    parameter: Parameter::Flag,
    touches: &[
        (Verdict, Accept),
        (Verdict, Named("error")),
        (Verdict, Named("error_description")),
        (Discovery, Named("pushed_authorization_request_endpoint")),
        (Discovery, Named("require_pushed_authorization_requests")),
    ],
    apply: |draft, _, scene| match draft.message {
        Discovery => {
            let endpoint = format!("{}/par", scene.issuer.trim_end_matches('/'));
            draft.members.insert("pushed_authorization_request_endpoint".into(), endpoint.into());
            draft.members.insert("require_pushed_authorization_requests".into(), true.into());
        }
        Verdict if scene.parameter("request_uri").is_none() => {
            refuse(draft, "invalid_request", "authorization requests must be pushed");
        }
        _ => {}
    },
};

/// Requests must be signed.
pub(super) static SIGNED_REQUEST_DEMANDED: Quirk = Quirk {
    name: "signed-request-demanded",
    text: "The provider wants authorization requests as signed tokens (JAR) and refuses all others.",
    requirement: "RFC 9101 §10.5",
    parameter: Parameter::Flag,
    touches: &[
        (Verdict, Accept),
        (Verdict, Named("error")),
        (Verdict, Named("error_description")),
        (Discovery, Named("require_signed_request_object")),
    ],
    apply: |draft, _, scene| match draft.message {
        Discovery => {
            draft.members.insert("require_signed_request_object".into(), true.into());
        }
        Verdict if scene.parameter("request").is_none() => {
            refuse(draft, "invalid_request", "authorization requests must be signed");
        }
        _ => {}
    },
};
