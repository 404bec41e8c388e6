//! Does to a message what the row of a quirk says.

use serde_json::{Value, json};

use super::operation::{Operation, WEB_PAGE};
use super::{Argument, Parameter, Quirk, Scene};
use crate::message::{Draft, Member};
use crate::protocol::text_of;

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
