//! What quirks do to a message: a few operations on the members that a quirk
//! touches, and a function where none of them fits.

use serde_json::{Map, Value, json};

use super::{Argument, Parameter, Quirk, Scene};
use crate::jose::{Form, Seal};
use crate::message::{Draft, Member, Transport};
use crate::protocol::text_of;

/// What a quirk does to each member that it touches in a message.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Operation {
    /// Sets it to the argument.
    Set,
    /// Sets it to one of these JSON texts: one for each word of the parameter,
    /// in their order, or a single one.
    Json(&'static [&'static str]),
    /// Sets the first member to the first of these JSON texts, the second to the
    /// second; leaves it out where the text is empty.
    Each(&'static [&'static str]),
    /// Sets it to what the function returns.
    Make(fn(&Argument, &Scene<'_>) -> Value),
    /// Rewrites it, if it is there and a text.
    Rewrite(fn(&str, &Argument, &Scene<'_>) -> String),
    /// Leaves it out.
    Remove,
    /// Gives it the JSON type that the argument names.
    Retype,
    /// Sets it to the present time plus the argument times this, in seconds.
    FromNow(i64),
    /// Writes the body or the payload, from the honest members.
    Write(fn(&Map<String, Value>, &Argument) -> String),
    /// Replaces the answer by the page of a proxy that asks for a login.
    WebPage,
    /// Redirects with this status, to the argument.
    Redirect(u16),
    /// Signs the JWT with this seal.
    Sign(Seal),
    /// Serializes the JWT in one of these forms, chosen as for `Json`.
    Serialize(&'static [Form]),
    /// Changes how the answer travels.
    Travel(fn(&mut Transport)),
    /// Calls a function, for what no other operation does.
    Function(fn(&mut Draft, &Argument, &Scene<'_>)),
}

/// The page of a proxy that asks for a login.
pub(super) const WEB_PAGE: &str = "<!doctype html><title>Sign in</title>";

/// The words for types that are not text.
pub(super) const NOT_TEXT: Parameter = Parameter::Choice(&["number", "null", "list", "object"]);

/// The words for types that are not a number.
pub(super) const NOT_A_NUMBER: Parameter = Parameter::Choice(&["text", "null", "list", "boolean"]);

impl Quirk {
    /// Makes the change.
    pub(super) fn apply(&self, draft: &mut Draft, argument: &Argument, scene: &Scene<'_>) {
        let message = draft.message;
        let members = || self.touches.iter().filter(|(touched, _)| *touched == message).map(|(_, member)| *member);
        let is_of_another_endpoint = self.parameter == Parameter::Endpoint && !self.parameter.means(argument, message);
        let is_of_a_jwt = members().any(|member| member == Member::Payload || member.is_beside_payload());
        if is_of_another_endpoint || (is_of_a_jwt && !draft.is_jwt()) {
            return;
        }
        let place = || self.parameter.words().iter().position(|word| *word == argument.text()).unwrap_or_default();
        let mut set_each = |value: &dyn Fn(&Draft, Member<'_>) -> Value| {
            for member in members() {
                let value = value(draft, member);
                draft.set(member, value);
            }
        };
        match self.operation {
            Operation::Set => set_each(&|_, _| argument.to_value()),
            Operation::Json(texts) => {
                set_each(&|_, _| texts.get(place()).map(|text| parsed(text)).unwrap_or_default());
            }
            Operation::Each(texts) => {
                for (member, text) in members().zip(texts) {
                    if text.is_empty() { draft.remove(member) } else { draft.set(member, parsed(text)) }
                }
            }
            Operation::Make(make) => set_each(&|_, _| make(argument, scene)),
            Operation::FromNow(times) => set_each(&|_, _| (scene.now + times * argument.number()).into()),
            Operation::Write(write) => set_each(&|draft, _| write(&draft.members, argument).into()),
            Operation::Retype => set_each(&|draft, member| as_type(draft.value(member), argument.text())),
            Operation::Rewrite(rewrite) => {
                for member in members() {
                    if let Some(text) = draft.text_mut(member) {
                        *text = rewrite(text, argument, scene);
                    }
                }
            }
            Operation::Remove => members().for_each(|member| draft.remove(member)),
            Operation::WebPage => {
                draft.transport.content_type = "text/html".into();
                draft.transport.body = Some(WEB_PAGE.into());
            }
            Operation::Redirect(status) => redirect(draft, status, argument.text()),
            Operation::Sign(seal) => draft.jose.seal = seal,
            Operation::Serialize(forms) => draft.jose.form = forms.get(place()).copied().unwrap_or_default(),
            Operation::Travel(change) => change(&mut draft.transport),
            Operation::Function(function) => function(draft, argument, scene),
        }
    }
}

/// The value of a JSON text in a row.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// Redirects the client, with this status.
pub(super) fn redirect(draft: &mut Draft, status: u16, address: &str) {
    draft.transport.status = status;
    draft.transport.location = Some(address.to_owned());
    draft.transport.body = Some(String::new());
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

/// A number that is as good as unique to a text (FNV-1a), so that no other
/// account has it, and small enough to be exact everywhere.
fn number(text: &str) -> u64 {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    hash >> 12
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quirk::QUIRKS;

    fn is_json(text: &str) -> bool {
        serde_json::from_str::<Value>(text).is_ok()
    }

    #[test]
    fn each_word_has_its_value() {
        for quirk in QUIRKS {
            let words = quirk.parameter.words().len().max(1);
            match quirk.operation {
                Operation::Json(texts) => {
                    assert_eq!(texts.len(), words, "{}", quirk.name);
                    assert!(texts.iter().all(|text| is_json(text)), "{}", quirk.name);
                }
                Operation::Each(texts) => {
                    assert!(texts.iter().all(|text| text.is_empty() || is_json(text)), "{}", quirk.name);
                }
                Operation::Serialize(forms) => assert_eq!(forms.len(), words, "{}", quirk.name),
                _ => {}
            }
        }
    }
}
