//! Times of the ID token that are none, or unusual (RFC 7519 §2, §4.1).
//! What has run out or is not valid yet stands with the other claims.

use super::value::{NOT_A_NUMBER, as_type, from_now, retype};
use super::{Parameter, Quirk};
use crate::clock::FAR_AWAY;
use crate::member::Member::Named;
use crate::message::Message::IdToken;

/// `exp` is no number.
pub(super) static EXPIRY_NOT_A_NUMBER: Quirk = Quirk {
    name: "expiry-not-a-number",
    text: "`exp` of the ID token is no number but a value of another JSON type, such as the number in quotes.",
    requirement: "RFC 7519 §4.1.4",
    parameter: NOT_A_NUMBER,
    touches: &[(IdToken, Named("exp"))],
    apply: |draft, argument, _| retype(draft, "exp", argument),
};

/// `exp` lies in another age.
pub(super) static EXPIRY_FAR_AWAY: Quirk = Quirk {
    name: "expiry-far-away",
    text: "The ID token runs out so many seconds after 1970 that few calendars know the day.",
    requirement: "RFC 7519 §4.1.4",
    parameter: Parameter::Number { default: FAR_AWAY },
    touches: &[(IdToken, Named("exp"))],
    apply: |draft, argument, _| {
        draft.members.insert("exp".into(), argument.number().into());
    },
};

/// `iat` is no number.
pub(super) static ISSUED_AT_NOT_A_NUMBER: Quirk = Quirk {
    name: "issued-at-not-a-number",
    text: "`iat` of the ID token is no number but a value of another JSON type, such as the number in quotes.",
    requirement: "RFC 7519 §4.1.6",
    parameter: NOT_A_NUMBER,
    touches: &[(IdToken, Named("iat"))],
    apply: |draft, argument, _| retype(draft, "iat", argument),
};

/// `nbf` is no number.
pub(super) static NOT_BEFORE_NOT_A_NUMBER: Quirk = Quirk {
    name: "not-before-not-a-number",
    text: "`nbf` of the ID token is no number but a value of another JSON type, such as the number in quotes.",
    requirement: "RFC 7519 §4.1.5",
    parameter: NOT_A_NUMBER,
    touches: &[(IdToken, Named("nbf"))],
    apply: |draft, argument, scene| {
        let odd = as_type(Some(&scene.now.into()), argument.text());
        draft.members.insert("nbf".into(), odd);
    },
};

/// Times with a fraction.
pub(super) static TIMES_WITH_FRACTION: Quirk = Quirk {
    name: "times-with-fraction",
    text: "`iat` and `exp` of the ID token are given to the half second, which is allowed.",
    requirement: "RFC 7519 §2",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Named("iat")), (IdToken, Named("exp"))],
    apply: |draft, _, _| {
        for name in ["iat", "exp"] {
            if let Some(seconds) = draft.members.get_mut(name).filter(|value| value.is_i64()) {
                *seconds = (seconds.as_f64().unwrap_or_default() + 0.5).into();
            }
        }
    },
};

/// Made in the future.
pub(super) static ISSUED_IN_FUTURE: Quirk = Quirk {
    name: "issued-in-future",
    text: "The ID token says that it will be made in this many seconds, as when clocks differ.",
    requirement: "OIDC Core §3.1.3.7 (10)",
    parameter: Parameter::Number { default: 3600 },
    touches: &[(IdToken, Named("iat"))],
    apply: |draft, argument, scene| from_now(draft, "iat", scene, argument.number()),
};

/// Made long ago.
pub(super) static ISSUED_LONG_AGO: Quirk = Quirk {
    name: "issued-long-ago",
    text: "The ID token was made this many seconds ago, although it has not run out.",
    requirement: "OIDC Core §3.1.3.7 (10)",
    parameter: Parameter::Number { default: 604_800 },
    touches: &[(IdToken, Named("iat"))],
    apply: |draft, argument, scene| from_now(draft, "iat", scene, -argument.number()),
};
