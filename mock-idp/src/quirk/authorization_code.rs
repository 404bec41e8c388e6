//! The authorization code and its shapes (RFC 6749 §4.1.2, §A.11).

use serde_json::Value;

use super::{Parameter, Quirk};
use crate::draft::Draft;
use crate::member::Member::Named;
use crate::message::Message::{AuthorizationResponse, Verdict};

/// Lets the provider issue another code, which it knows as its own.
fn issue(draft: &mut Draft, change: impl FnOnce(&mut String)) {
    if let Some(Value::String(code)) = draft.members.get_mut("code")
        && draft.message == Verdict
    {
        change(code);
    }
}

/// No `code` comes back.
pub(super) static MISSING_CODE: Quirk = Quirk {
    name: "missing-code",
    text: "The user agent comes back without a code.",
    requirement: "RFC 6749 §4.1.2",
    parameter: Parameter::Flag,
    touches: &[(AuthorizationResponse, Named("code"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("code");
    },
};

/// An empty `code` comes back.
pub(super) static EMPTY_CODE: Quirk = Quirk {
    name: "empty-code",
    text: "The user agent comes back with a code that is an empty text.",
    requirement: "RFC 6749 §4.1.2",
    parameter: Parameter::Flag,
    touches: &[(AuthorizationResponse, Named("code"))],
    apply: |draft, _, _| {
        draft.members.insert("code".into(), "".into());
    },
};

/// A long code.
pub(super) static LONG_CODE: Quirk = Quirk {
    name: "long-code",
    text: "Codes are this many characters long, as with providers that put everything into them.",
    requirement: "RFC 6749 §4.1.2",
    parameter: Parameter::Number { default: 4096 },
    touches: &[(Verdict, Named("code")), (AuthorizationResponse, Named("code"))],
    apply: |draft, argument, _| {
        // Longer ones do not fit into any URL.
        let length = argument.count(1 << 16);
        issue(draft, |code| code.extend(std::iter::repeat_n('0', length.saturating_sub(code.len()))));
    },
};

/// A code of odd characters.
pub(super) static ODD_CODE: Quirk = Quirk {
    name: "odd-code",
    text: "Codes end with these characters, all of them allowed, which somebody on the way may take for something \
           else.",
    requirement: "RFC 6749 §A.11",
    parameter: Parameter::Text { default: "+/=%~ &;?#%2B" },
    touches: &[(Verdict, Named("code")), (AuthorizationResponse, Named("code"))],
    apply: |draft, argument, _| issue(draft, |code| code.push_str(argument.text())),
};
