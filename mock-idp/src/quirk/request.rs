//! What the provider makes of authorization requests (RFC 6749 §4.1.1), of PKCE
//! (RFC 7636), and of token requests (RFC 6749 §4.1.3): demands beyond the
//! specification, refusals, and mistakes it lets pass.

use serde_json::json;

use super::operation::Operation::{Function, Remove};
use super::{Parameter, Quirk};
use crate::message::Member::{Accept, Body, Location, Named, Objection, Page, Status};
use crate::message::Message::{self, AuthorizationResponse, Discovery, TokenVerdict};
use crate::message::{self, Decision, Draft, End, Member, Topic, Verdict};

/// The members of a verdict that [`refuse`] changes.
const REFUSAL: &[(Message, Member<'static>)] =
    &[(Message::Verdict, Accept), (Message::Verdict, Named("error")), (Message::Verdict, Named("error_description"))];

/// Authorization requests.
pub(super) const AUTHORIZATION: &[Quirk] = &[
    Quirk {
        name: "custom-scheme-refused",
        text: "The provider accepts only http and https redirect URIs, so the mobile app needs the mobile redirect \
               override.",
        requirement: "RFC 8252 §7.1",
        parameter: Parameter::Flag,
        touches: &[(Message::Verdict, Accept), (Message::Verdict, Page)],
        operation: Function(|draft, _, scene| {
            if is_custom(scene.parameter("redirect_uri").unwrap_or_default()) {
                stay(draft, 400, "redirect URIs with a custom scheme are not allowed");
            }
        }),
    },
    Quirk {
        name: "custom-scheme-fails",
        text: "The provider accepts the app's redirect URI, but cannot redirect there, and shows a page with this \
               status.",
        requirement: "RFC 8252 §7.1",
        parameter: Parameter::Status { default: 500 },
        touches: &[(AuthorizationResponse, Status), (AuthorizationResponse, Location), (AuthorizationResponse, Body)],
        operation: Function(|draft, argument, _| {
            if draft.transport.location.as_deref().is_some_and(is_custom) {
                draft.transport.status = argument.status();
                draft.transport.location = None;
                draft.transport.body = Some("this page cannot redirect to an app".into());
            }
        }),
    },
    Quirk {
        name: "consent-page",
        text: "The provider asks the end-user for consent, and the end-user does not answer, so the browser stays on \
               that page.",
        requirement: "OIDC Core §3.1.2.4",
        parameter: Parameter::Flag,
        touches: &[(Message::Verdict, Accept), (Message::Verdict, Page), (Message::Verdict, Status)],
        operation: Function(|draft, _, _| stay(draft, 200, "May this application know who you are?")),
    },
    Quirk {
        name: "prompt-refused",
        text: "The provider does not support `prompt`: it refuses authorization requests with `prompt`.",
        requirement: "OIDC Core §3.1.2.1",
        parameter: Parameter::Flag,
        touches: REFUSAL,
        operation: Function(|draft, _, scene| {
            if scene.parameter("prompt").is_some() {
                refuse(draft, "the parameter prompt is not supported");
            }
        }),
    },
    Quirk {
        name: "pushed-request-demanded",
        text: "The provider requires pushed authorization requests (PAR) and refuses all others.",
        requirement: "RFC 9126 §4",
        parameter: Parameter::Flag,
        touches: &[
            (Message::Verdict, Accept),
            (Message::Verdict, Named("error")),
            (Message::Verdict, Named("error_description")),
            (Discovery, Named("pushed_authorization_request_endpoint")),
            (Discovery, Named("require_pushed_authorization_requests")),
        ],
        operation: Function(|draft, _, scene| match draft.message {
            Discovery => {
                let endpoint = format!("{}/par", scene.issuer.trim_end_matches('/'));
                draft.members.insert("pushed_authorization_request_endpoint".into(), endpoint.into());
                draft.members.insert("require_pushed_authorization_requests".into(), true.into());
            }
            Message::Verdict if scene.parameter("request_uri").is_none() => {
                refuse(draft, "authorization requests must be pushed");
            }
            _ => {}
        }),
    },
    Quirk {
        name: "signed-request-demanded",
        text: "The provider requires signed authorization requests (JAR) and refuses all others.",
        requirement: "RFC 9101 §10.5",
        parameter: Parameter::Flag,
        touches: &[
            (Message::Verdict, Accept),
            (Message::Verdict, Named("error")),
            (Message::Verdict, Named("error_description")),
            (Discovery, Named("require_signed_request_object")),
        ],
        operation: Function(|draft, _, scene| match draft.message {
            Discovery => {
                draft.members.insert("require_signed_request_object".into(), true.into());
            }
            Message::Verdict if scene.parameter("request").is_none() => {
                refuse(draft, "authorization requests must be signed");
            }
            _ => {}
        }),
    },
];

/// PKCE.
pub(super) const PKCE: &[Quirk] = &[
    Quirk {
        name: "pkce-refused",
        text: "The provider does not support PKCE: it refuses authorization requests with a code challenge.",
        requirement: "RFC 6749 §3.1",
        parameter: Parameter::Flag,
        touches: REFUSAL,
        operation: Function(|draft, _, scene| {
            if scene.parameter("code_challenge").is_some() {
                refuse(draft, "the parameter code_challenge is not supported");
            }
        }),
    },
    Quirk {
        name: "verifier-demanded",
        text: "The token endpoint requires a PKCE code verifier, even if the authorization request had no code \
               challenge.",
        requirement: "RFC 7636 §4.6",
        parameter: Parameter::Flag,
        touches: &[(TokenVerdict, Objection(Topic::CodeVerifier))],
        operation: Function(|draft, _, scene| {
            if scene.parameter("code_verifier").is_none() {
                object(draft, Topic::CodeVerifier, "invalid_grant", "a code verifier is required");
            }
        }),
    },
];

/// Token requests.
pub(super) const TOKEN: &[Quirk] = &[
    Quirk {
        name: "private-key-jwt-demanded",
        text: "The token endpoint refuses a client secret: the client must authenticate with a signed JWT \
               (`private_key_jwt`).",
        requirement: "OIDC Core §9",
        parameter: Parameter::Flag,
        touches: &[
            (Discovery, Named("token_endpoint_auth_methods_supported")),
            (TokenVerdict, Objection(Topic::Client)),
        ],
        operation: Function(|draft, _, scene| match draft.message {
            Discovery => {
                draft.members.insert("token_endpoint_auth_methods_supported".into(), json!(["private_key_jwt"]));
            }
            _ if scene.parameter("client_assertion").is_none() => {
                object(draft, Topic::Client, "invalid_client", "a client assertion is required");
                set_client_status(draft, 401);
            }
            _ => {}
        }),
    },
    Quirk {
        name: "dpop-demanded",
        text: "The token endpoint refuses requests without a DPoP proof. With `nonce`, it also sends a nonce that the \
               proof must contain.",
        requirement: "RFC 9449 §5",
        parameter: Parameter::Choice(&["proof", "nonce"]),
        touches: &[(TokenVerdict, Objection(Topic::Dpop))],
        operation: Function(|draft, argument, scene| {
            if scene.header("dpop").is_some() {
                return;
            }
            if argument.text() == "nonce" {
                object(draft, Topic::Dpop, "use_dpop_nonce", "the DPoP proof must contain the nonce");
                draft.transport.headers.push(("dpop-nonce", "nonce-of-this-provider".into()));
            } else {
                object(draft, Topic::Dpop, "invalid_dpop_proof", "a DPoP proof is required");
            }
        }),
    },
    Quirk {
        name: "token-error",
        text: "The token endpoint answers with an `error`, by default one that no specification defines.",
        requirement: "RFC 6749 §5.2",
        parameter: Parameter::Text { default: "invalid request" },
        touches: &[(TokenVerdict, Objection(Topic::Request))],
        operation: Function(|draft, argument, _| {
            object(draft, Topic::Request, argument.text(), "the request cannot be served");
        }),
    },
    Quirk {
        name: "invalid-client-status",
        text: "If the client fails to authenticate, the token endpoint answers with this status instead of 401.",
        requirement: "RFC 6749 §5.2",
        parameter: Parameter::Status { default: 400 },
        touches: &[(TokenVerdict, Objection(Topic::Client))],
        operation: Function(|draft, argument, _| set_client_status(draft, argument.status())),
    },
    Quirk {
        name: "code-reuse-accepted",
        text: "The token endpoint accepts a code more than once.",
        requirement: "RFC 6749 §4.1.2",
        parameter: Parameter::Flag,
        touches: &[(TokenVerdict, Objection(Topic::Reuse))],
        operation: Remove,
    },
    Quirk {
        name: "redirect-uri-comparison",
        text: "The token endpoint does not compare the redirect URI exactly with that of the authorization request. It \
               ignores the whole URI (`none`), its case, slashes and query (`normalised`), or only the query \
               (`without-query`).",
        requirement: "RFC 6749 §4.1.3",
        parameter: Parameter::Choice(&["none", "normalised", "without-query"]),
        touches: &[(TokenVerdict, Objection(Topic::RedirectUri))],
        operation: Function(|draft, argument, scene| {
            let Decision::Token(objections) = &mut draft.decision else { return };
            let Some(wanted) = objections.redirect_uri.as_deref() else { return };
            let given = scene.parameter("redirect_uri").unwrap_or_default();
            let without_query = |uri: &str| uri.split('?').next().unwrap_or_default().to_owned();
            let normal = |uri: &str| without_query(uri).to_lowercase().replace('/', "");
            let alike = match argument.text() {
                "normalised" => normal(wanted) == normal(given),
                "without-query" => without_query(wanted) == without_query(given),
                _ => true,
            };
            if alike {
                objections.drop(Topic::RedirectUri);
            }
        }),
    },
];

/// Refuses the authorization request as invalid.
pub(super) fn refuse(draft: &mut Draft, description: &str) {
    if let Decision::Authorization(verdict) = &mut draft.decision {
        verdict.end = End::Refuse { error: "invalid_request".into(), description: description.into() };
    }
}

/// Ends the authorization request on a page of the provider.
fn stay(draft: &mut Draft, status: u16, page: &'static str) {
    if let Decision::Authorization(verdict) = &mut draft.decision {
        *verdict = Verdict { code: String::new(), end: End::Stay { status, page } };
    }
}

fn is_custom(uri: &str) -> bool {
    !uri.starts_with("http://") && !uri.starts_with("https://")
}

/// Objects to the token request.
fn object(draft: &mut Draft, topic: Topic, error: &str, description: &'static str) {
    if let Decision::Token(objections) = &mut draft.decision {
        objections.put(message::Objection::new(topic, error.to_owned(), description));
    }
}

/// Answers with this status where the client did not prove who it is.
fn set_client_status(draft: &mut Draft, status: u16) {
    if let Decision::Token(objections) = &mut draft.decision
        && let Some(objection) = objections.about(Topic::Client)
    {
        objection.status = status;
    }
}
