//! Values of claims: of another JSON type than theirs, and times.

use serde_json::{Value, json};

use super::{Argument, Parameter, Scene};
use crate::draft::Draft;
use crate::protocol::text_of;

/// Types that are not text.
pub(super) const NOT_TEXT: Parameter = Parameter::Choice(&["number", "null", "list", "object"]);

/// Types that are not a number.
pub(super) const NOT_A_NUMBER: Parameter = Parameter::Choice(&["text", "null", "list", "boolean"]);

/// Gives a member another type, the one that the argument names.
pub(super) fn retype(draft: &mut Draft, member: &str, argument: &Argument) {
    let odd = as_type(draft.members.get(member), argument.text());
    draft.members.insert(member.to_owned(), odd);
}

/// Puts a time into a claim: so many seconds from now, or ago if negative.
pub(super) fn from_now(draft: &mut Draft, claim: &str, scene: &Scene<'_>, seconds: i64) {
    draft.members.insert(claim.to_owned(), (scene.now + seconds).into());
}

/// `honest` as a value of another type, as like it as can be: careless
/// comparisons take `["a"]` for `"a"` and `"7"` for `7`.
pub(super) fn as_type(honest: Option<&Value>, kind: &str) -> Value {
    let honest = honest.cloned().unwrap_or_default();
    let text = text_of(&honest);
    match kind {
        "text" => text.into(),
        "number" => number(&text).into(),
        "list" => json!([honest]),
        "object" => json!({ "value": honest }),
        "boolean" => true.into(),
        _ => Value::Null,
    }
}

/// A number that is as good as unique to a text (FNV-1a), so that nobody
/// else's account has it, and small enough to be exact everywhere.
fn number(text: &str) -> u64 {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    hash >> 12
}
