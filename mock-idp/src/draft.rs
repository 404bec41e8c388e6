//! A message of the provider before it goes out.
//!
//! Endpoints build it honest; overlays and quirks may change it at the gate;
//! then it is signed and sent as it stands. Comparable, so that the gate
//! knows what really changed.

use serde_json::{Map, Value};

use crate::jose::Jose;
use crate::message::Message;
use crate::transport::Transport;

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
}

impl Draft {
    /// An unsigned message.
    pub fn new(message: Message, members: Map<String, Value>) -> Self {
        Self { message, members, jose: Jose::none(), transport: Transport::default() }
    }

    /// A JWT.
    pub fn signed(message: Message, claims: Map<String, Value>, jose: Jose) -> Self {
        Self { jose, ..Self::new(message, claims) }
    }
}
