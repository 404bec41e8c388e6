//! Providers that are there for some of the time: down from a phase of the
//! sign-in on, busy at first, back later.

use super::parameter::{PHASES, endpoint};
use super::{Parameter, Quirk};
use crate::member::Member::{Cut, RetryAfter, Status};
use crate::message::Message::{Discovery, Jwks, TokenResponse, UserInfo};
use crate::transport::Fate;

/// Down from a phase on.
pub(super) static DOWN_FROM: Quirk = Quirk {
    name: "down-from",
    text: "The provider goes down in the middle of the sign-in: from this phase on every connection is cut. \
           `callback`: once the end-user has come back, so that not even the discovery document can be had again.",
    requirement: "OIDC Discovery §4.2",
    parameter: Parameter::Phase,
    touches: &[(Discovery, Cut), (TokenResponse, Cut), (Jwks, Cut), (UserInfo, Cut)],
    apply: |draft, argument, scene| {
        let phase = |name: &str| PHASES.iter().position(|phase| *phase == name);
        let now = match endpoint(draft.message) {
            Some("discovery") if scene.turn == 0 => None,
            Some("discovery") => phase("callback"),
            Some(name) => phase(name),
            None => None,
        };
        if now.is_some() && now >= phase(argument.text()) {
            draft.transport.fate = Fate::Cut;
        }
    },
};

/// Back after a while.
pub(super) static RECOVERS_AFTER: Quirk = Quirk {
    name: "recovers-after",
    text: "The provider is starting: this many requests for its discovery document are answered with 503, and from \
           then on everything is well.",
    requirement: "RFC 9110 §15.6.4",
    parameter: Parameter::Number { default: 1 },
    touches: &[(Discovery, Status)],
    apply: |draft, argument, scene| {
        if i64::try_from(scene.turn).is_ok_and(|turn| turn < argument.number()) {
            draft.transport.status = 503;
        }
    },
};

/// Too many requests.
pub(super) static RATE_LIMITED: Quirk = Quirk {
    name: "rate-limited",
    text: "This endpoint answers its first request with 429: too many, come back in a second.",
    requirement: "RFC 6585 §4",
    parameter: Parameter::Endpoint,
    touches: &[
        (Discovery, Status),
        (Discovery, RetryAfter),
        (TokenResponse, Status),
        (TokenResponse, RetryAfter),
        (Jwks, Status),
        (Jwks, RetryAfter),
        (UserInfo, Status),
        (UserInfo, RetryAfter),
    ],
    apply: |draft, argument, scene| {
        if Parameter::Endpoint.means(argument, draft.message) && scene.turn == 0 {
            draft.transport.status = 429;
            draft.transport.headers.push(("retry-after", "1".into()));
        }
    },
};
