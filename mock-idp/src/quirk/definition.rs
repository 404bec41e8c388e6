//! What a quirk is.

use super::{Argument, Parameter, Scene};
use crate::draft::Draft;
use crate::message::Message;

/// A member of a message: `iss`, `header.alg`, `signature`, `status`, …
pub type Touch = (Message, &'static str);

/// One named deviation.
#[derive(Debug)]
pub struct Quirk {
    /// Its name in scenario files, in kebab case.
    pub name: &'static str,
    /// What it does, for people who do not know OpenID Connect by heart.
    pub text: &'static str,
    /// The requirement that the provider breaks, or that the relying party
    /// must uphold in the face of it.
    pub requirement: &'static str,
    /// What may be said about it.
    pub parameter: Parameter,
    /// The members that it changes. Nothing else differs on the wire.
    pub touches: &'static [Touch],
    /// Makes the change.
    pub apply: fn(&mut Draft, &Argument, &Scene<'_>),
}

impl Quirk {
    /// Whether it may change such a message.
    pub(super) fn concerns(&self, message: Message) -> bool {
        self.touches.iter().any(|(touched, _)| *touched == message)
    }
}
