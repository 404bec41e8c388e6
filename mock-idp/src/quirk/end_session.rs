//! The end-session endpoint (OIDC RP-Initiated Logout §2, §3).

use super::operation::Operation::{Function, Set};
use super::{Parameter, Quirk, Scene};
use crate::message::Draft;
use crate::message::Member::{Body, ContentType, Location, Status};
use crate::message::Message::EndSession;

pub(super) const ROWS: &[Quirk] = &[
    Quirk {
        name: "end-session-confirms",
        text: "The provider asks the end-user to confirm the sign-out, unless the request has an `id_token_hint`. It \
               never redirects back to the server.",
        requirement: "OIDC RP-Initiated Logout §2",
        parameter: Parameter::Flag,
        touches: &[(EndSession, Status), (EndSession, Location), (EndSession, Body), (EndSession, ContentType)],
        operation: Function(|draft, _, scene| {
            let question = "<title>Sign out</title><form><button>Do you want to sign out?</button></form>";
            unless_hinted(draft, scene, 200, question);
        }),
    },
    Quirk {
        name: "end-session-demands-hint",
        text: "The provider refuses to sign the end-user out, unless the request has an `id_token_hint`. It never \
               redirects back to the server.",
        requirement: "OIDC RP-Initiated Logout §2",
        parameter: Parameter::Flag,
        touches: &[(EndSession, Status), (EndSession, Location), (EndSession, Body), (EndSession, ContentType)],
        operation: Function(|draft, _, scene| {
            unless_hinted(draft, scene, 400, "<title>The id_token_hint is missing</title>");
        }),
    },
    Quirk {
        name: "end-session-stays",
        text: "The provider signs the end-user out and shows its own page instead of redirecting to \
               `post_logout_redirect_uri`.",
        requirement: "OIDC RP-Initiated Logout §3",
        parameter: Parameter::Flag,
        touches: &[(EndSession, Status), (EndSession, Location), (EndSession, Body), (EndSession, ContentType)],
        operation: Function(|draft, _, _| page(draft, 200, SIGNED_OUT)),
    },
    Quirk {
        name: "end-session-refuses-long",
        text: "The end-session endpoint answers 414 to requests whose parameters are longer than this many characters, \
               as many proxies do.",
        requirement: "RFC 9110 §15.5.15",
        parameter: Parameter::Number { default: 20 },
        touches: &[(EndSession, Status), (EndSession, Location), (EndSession, Body), (EndSession, ContentType)],
        operation: Function(|draft, argument, scene| {
            let length: usize = scene.parameters.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
            if length > argument.count(usize::MAX) {
                page(draft, 414, "<title>Request-URI Too Long</title>");
            }
        }),
    },
    Quirk {
        name: "end-session-status",
        text: "The end-session endpoint answers with this status.",
        requirement: "OIDC RP-Initiated Logout §2",
        parameter: Parameter::Status { default: 500 },
        touches: &[(EndSession, Status)],
        operation: Set,
    },
];

const SIGNED_OUT: &str = "<title>You are signed out</title>";

/// The user agent stays, and sees this.
fn page(draft: &mut Draft, status: u16, html: &str) {
    draft.transport.status = status;
    draft.transport.location = None;
    draft.transport.content_type = "text/html; charset=utf-8".into();
    draft.transport.body = Some(format!("<!doctype html>{html}"));
}

/// The same, unless the request says whose session it is.
fn unless_hinted(draft: &mut Draft, scene: &Scene<'_>, status: u16, html: &str) {
    let is_hinted = scene.parameter("id_token_hint").is_some_and(|hint| !hint.is_empty());
    let (status, html) = if is_hinted { (200, SIGNED_OUT) } else { (status, html) };
    page(draft, status, html);
}
