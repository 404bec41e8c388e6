//! Whom a sign-in is about: `sub` of ID token and UserInfo (OIDC Core §2,
//! §5.7). UserInfo that speaks of somebody else stands with UserInfo.

use serde_json::Value;

use super::value::{NOT_TEXT, retype};
use super::{Parameter, Quirk};
use crate::draft::Draft;
use crate::member::Member::Named;
use crate::message::Message::{IdToken, UserInfo};

fn change(draft: &mut Draft, change: impl FnOnce(&str) -> String) {
    if let Some(Value::String(sub)) = draft.members.get_mut("sub") {
        *sub = change(sub);
    }
}

/// `sub` is not text.
pub(super) static SUBJECT_NOT_TEXT: Quirk = Quirk {
    name: "subject-not-text",
    text: "`sub` of the ID token is not text but a value of another JSON type.",
    requirement: "OIDC Core §2",
    parameter: NOT_TEXT,
    touches: &[(IdToken, Named("sub"))],
    apply: |draft, argument, _| retype(draft, "sub", argument),
};

/// `sub` is too long.
pub(super) static LONG_SUBJECT: Quirk = Quirk {
    name: "long-subject",
    text: "Every `sub` begins with this many letters `x`, so that it is longer than the 255 characters that are \
           allowed; who cuts it off takes different people for one.",
    requirement: "OIDC Core §2",
    parameter: Parameter::Number { default: 255 },
    touches: &[(IdToken, Named("sub")), (UserInfo, Named("sub"))],
    apply: |draft, argument, _| {
        let length = argument.count(10_000);
        change(draft, |sub| "x".repeat(length) + sub);
    },
};

/// One `sub` for everybody.
pub(super) static CONSTANT_SUBJECT: Quirk = Quirk {
    name: "constant-subject",
    text: "Everybody has the same `sub`, as at providers that put a message there.",
    requirement: "OIDC Core §2",
    parameter: Parameter::Text { default: "Not supported currently. Use oid claim." },
    touches: &[(IdToken, Named("sub")), (UserInfo, Named("sub"))],
    apply: |draft, argument, _| change(draft, |_| argument.text().to_owned()),
};

/// Another `sub` from some time on.
pub(super) static CHANGING_SUBJECT: Quirk = Quirk {
    name: "changing-subject",
    text: "After this many sign-ins people have another `sub`, as when a provider was set up anew.",
    requirement: "OIDC Core §2",
    parameter: Parameter::Number { default: 1 },
    touches: &[(IdToken, Named("sub")), (UserInfo, Named("sub"))],
    apply: |draft, argument, scene| {
        if i64::try_from(scene.turn).is_ok_and(|turn| turn >= argument.number()) {
            change(draft, |sub| format!("{sub}-anew"));
        }
    },
};

/// `sub` comes twice.
pub(super) static DUPLICATE_SUBJECT: Quirk = Quirk {
    name: "duplicate-subject",
    text: "The ID token has two members `sub`: first this one, then that of the end-user. The last one counts, or the \
           token is broken; the first one never counts.",
    requirement: "RFC 7519 §4",
    parameter: Parameter::Text { default: "somebody-else" },
    touches: &[(IdToken, Named("sub"))],
    apply: |draft, argument, _| {
        draft.jose.ahead.push(format!("\"sub\":{}", Value::from(argument.text())));
    },
};
