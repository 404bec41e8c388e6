//! A message of the provider before it goes out.
//!
//! Endpoints build it honest; overlays and quirks may change it at the gate;
//! then it is signed and sent as it stands. Comparable, so that the gate
//! knows what really changed.

use serde_json::{Map, Value};

use super::{Decision, Member, Message, Objections, Transport, Verdict};
use crate::jose::Jose;

/// A message that may still change.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Which message it is.
    pub message: Message,
    /// Metadata, claims, parameters or body members.
    pub members: Map<String, Value>,
    /// How it is signed, if it is a JWT.
    pub jose: Jose,
    /// How it travels, if it is an answer of its own.
    pub transport: Transport,
    /// What the provider decides, if the message stays inside the provider.
    pub(crate) decision: Decision,
}

impl Draft {
    /// An unsigned message.
    pub fn new(message: Message, members: Map<String, Value>) -> Self {
        Self { message, members, jose: Jose::none(), transport: Transport::default(), decision: Decision::None }
    }

    /// A JWT.
    pub fn signed(message: Message, claims: Map<String, Value>, jose: Jose) -> Self {
        Self { jose, ..Self::new(message, claims) }
    }

    /// The decision on an authorization request.
    pub(crate) fn verdict(verdict: Verdict) -> Self {
        Self { decision: Decision::Authorization(verdict), ..Self::new(Message::Verdict, Map::new()) }
    }

    /// The decision on a token request.
    pub(crate) fn objections(objections: Objections) -> Self {
        Self { decision: Decision::Token(objections), ..Self::new(Message::TokenVerdict, Map::new()) }
    }

    /// Whether it is a JWT.
    pub fn is_jwt(&self) -> bool {
        match self.message {
            Message::IdToken | Message::LogoutToken => true,
            Message::UserInfo => self.transport.content_type == "application/jwt",
            _ => false,
        }
    }

    /// Returns a member as JSON; `None` if it is absent or not JSON.
    pub fn value(&self, member: Member<'_>) -> Option<&Value> {
        match member {
            Member::Named(name) => self.members.get(name),
            Member::Header(name) => self.jose.header.get(name),
            _ => None,
        }
    }

    /// Returns a member as text; `None` if it is absent or not text.
    pub fn text_mut(&mut self, member: Member<'_>) -> Option<&mut String> {
        let value = match member {
            Member::Named(name) => self.members.get_mut(name),
            Member::Header(name) => self.jose.header.get_mut(name),
            Member::Location => return self.transport.location.as_mut(),
            _ => None,
        };
        match value {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// Sets a member that has a value. The signature follows from the others;
    /// delay, cut and the like do not change here.
    pub fn set(&mut self, member: Member<'_>, value: Value) {
        match member {
            Member::Named(name) => drop(self.members.insert(name.to_owned(), value)),
            Member::Header(name) => drop(self.jose.header.insert(name.to_owned(), value)),
            Member::Payload => self.jose.payload = Some(text(value)),
            Member::Body => self.transport.body = Some(text(value)),
            Member::Location => self.transport.location = Some(text(value)),
            Member::ContentType => self.transport.content_type = text(value).into(),
            Member::Status => {
                let status = value.as_u64().and_then(|status| u16::try_from(status).ok());
                self.transport.status = status.unwrap_or(500);
            }
            _ => {}
        }
    }

    /// Leaves a member out. The signature follows from the others.
    pub fn remove(&mut self, member: Member<'_>) {
        match member {
            Member::Named(name) => drop(self.members.shift_remove(name)),
            Member::Header(name) => drop(self.jose.header.shift_remove(name)),
            Member::Objection(topic) => {
                if let Decision::Token(objections) = &mut self.decision {
                    objections.drop(topic);
                }
            }
            _ => {}
        }
    }
}

/// A text as it is, anything else as JSON.
fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        value => value.to_string(),
    }
}
