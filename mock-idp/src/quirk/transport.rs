//! How answers travel: late, or not at all.

use std::time::Duration;

use super::{Argument, Parameter, Quirk};
use crate::draft::Message::{Discovery, Jwks, TokenResponse, UserInfo};
use crate::draft::{Draft, Fate};

const ENDPOINTS: &[&str] = &["token", "discovery", "userinfo", "jwks"];

fn is_meant(draft: &Draft, argument: &Argument) -> bool {
    matches!(
        (draft.message, argument.text()),
        (Discovery, "discovery") | (Jwks, "jwks") | (TokenResponse, "token") | (UserInfo, "userinfo")
    )
}

/// An answer that takes its time.
pub(super) static SLOW: Quirk = Quirk {
    name: "slow",
    text: "This endpoint takes 400 milliseconds to answer.",
    requirement: "immich: oauth.timeout",
    parameter: Parameter::Choice(ENDPOINTS),
    touches: &[(Discovery, "delay"), (Jwks, "delay"), (TokenResponse, "delay"), (UserInfo, "delay")],
    apply: |draft, argument, _| {
        if is_meant(draft, argument) {
            draft.transport.delay = Duration::from_millis(400);
        }
    },
};

/// An answer that never arrives whole.
pub(super) static CONNECTION_CUT: Quirk = Quirk {
    name: "connection-cut",
    text: "The connection breaks while this endpoint answers.",
    requirement: "RFC 9112 §8",
    parameter: Parameter::Choice(ENDPOINTS),
    touches: &[(Discovery, "cut"), (Jwks, "cut"), (TokenResponse, "cut"), (UserInfo, "cut")],
    apply: |draft, argument, _| {
        if is_meant(draft, argument) {
            draft.transport.fate = Fate::Cut;
        }
    },
};
