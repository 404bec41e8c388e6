//! Plain changes to one message: set, remove, append.

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use super::QuirkError;
use crate::message::{Draft, Member, Message};
use crate::placeholder::each_text;

/// A change that is data, not a named deviation.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlay {
    pub(super) message: Message,
    /// The JOSE header instead of the members.
    header: bool,
    change: Change,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
struct Change {
    #[serde(skip_serializing_if = "Map::is_empty")]
    set: Map<String, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remove: Vec<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    append: Map<String, Value>,
}

/// What an overlay wants to change is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the overlay of `{message}` cannot {verb} `{member}`: {}", .reason.as_deref().unwrap_or("the message has no such member"))]
pub struct OverlayError {
    message: String,
    verb: &'static str,
    member: String,
    reason: Option<String>,
}

impl OverlayError {
    /// What the client did not send, as a clause, if the member is not there
    /// for want of it; `None` if the provider never sends such a member, so
    /// that the overlay is wrong.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    pub(crate) fn member(&self) -> &str {
        &self.member
    }

    pub(crate) fn because(self, reason: Option<String>) -> Self {
        Self { reason, ..self }
    }
}

impl Serialize for OverlayError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

const HEADER: &str = "-header";

impl Overlay {
    /// The messages that overlays can name.
    pub fn messages() -> Vec<String> {
        let plain = Message::ALL.iter().filter(|message| message.has_members());
        let mut names: Vec<String> = plain.map(|message| message.name().to_owned()).collect();
        names.extend([Message::IdToken, Message::LogoutToken].map(|message| format!("{}{HEADER}", message.name())));
        names
    }

    /// Reads the overlay of one message.
    pub fn parse(name: &str, value: &Value) -> Result<Self, QuirkError> {
        let plain = name.strip_suffix(HEADER).unwrap_or(name);
        let known = Self::messages().iter().any(|known| known == name);
        let message = Message::named(plain).filter(|_| known);
        let message = message.ok_or_else(|| QuirkError::UnknownMessage(name.to_owned()))?;
        let change = Change::deserialize(value)
            .map_err(|error| QuirkError::Overlay { message: name.to_owned(), reason: error.to_string() })?;
        Ok(Self { message, header: plain != name, change })
    }

    /// How reports call it.
    pub fn name(&self) -> String {
        format!("overlay.{}", self.place())
    }

    /// What it lies over, as files name it.
    fn place(&self) -> String {
        format!("{}{}", self.message.name(), if self.header { HEADER } else { "" })
    }

    /// The message and the change, as they are written.
    pub fn to_entry(&self) -> (String, Value) {
        let change = serde_json::to_value(&self.change).unwrap_or_default();
        (self.place(), change)
    }

    /// Passes each text to `change`: of the values, and the names of what is
    /// removed.
    pub(super) fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        let Change { set, remove, append } = &mut self.change;
        set.values_mut().chain(append.values_mut()).for_each(|value| each_text(value, change));
        remove.iter_mut().for_each(change);
    }

    /// The members that it changes.
    pub fn members(&self) -> impl Iterator<Item = Member<'_>> {
        let member = if self.header { Member::Header } else { Member::Named };
        let Change { set, remove, append } = &self.change;
        set.keys().chain(remove).chain(append.keys()).map(move |name| member(name))
    }

    /// Makes the changes.
    pub fn apply(&self, draft: &mut Draft) -> Result<(), OverlayError> {
        let members = if self.header { &mut draft.jose.header } else { &mut draft.members };
        let missing =
            |verb, member: &str| OverlayError { message: self.place(), verb, member: member.to_owned(), reason: None };
        for member in &self.change.remove {
            members.shift_remove(member).ok_or_else(|| missing("remove", member))?;
        }
        for (member, more) in &self.change.append {
            match (members.get_mut(member), more) {
                (Some(Value::String(text)), Value::String(more)) => text.push_str(more),
                (Some(Value::Array(list)), more) => list.push(more.clone()),
                _ => return Err(missing("append to", member)),
            }
        }
        members.extend(self.change.set.clone());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[test]
    fn names_the_members_that_it_changes() {
        let overlay = Overlay::parse("id-token-header", &json!({"set": {"typ": 1}, "remove": ["kid"]})).unwrap();
        assert_eq!(overlay.members().collect::<Vec<_>>(), [Member::Header("typ"), Member::Header("kid")]);
    }

    #[rstest]
    #[case(json!({"set": {"a": 2}}), Some(json!({"a": 2, "l": [1]})))]
    #[case(json!({"remove": ["a"]}), Some(json!({"l": [1]})))]
    #[case(json!({"append": {"a": "y", "l": 2}}), Some(json!({"a": "xy", "l": [1, 2]})))]
    #[case(json!({"remove": ["b"]}), None)]
    #[case(json!({"append": {"b": "y"}}), None)]
    fn changes_what_is_there(#[case] change: Value, #[case] expected: Option<Value>) {
        let overlay = Overlay::parse("discovery", &change).unwrap();
        let members = json!({"a": "x", "l": [1]}).as_object().unwrap().clone();
        let mut draft = Draft::new(Message::Discovery, members);
        let done = overlay.apply(&mut draft).is_ok();
        assert_eq!(done.then_some(Value::Object(draft.members)), expected);
    }
}
