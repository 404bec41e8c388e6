//! What a quirk is.

use super::transport::endpoint;
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

    /// The members that it changes with this argument.
    pub(super) fn means(&'static self, argument: &Argument) -> impl Iterator<Item = &'static Touch> {
        self.touches.iter().filter(|(message, _)| self.is_meant(argument, *message))
    }

    /// Whether nothing is seen of a change of this member, because the quirk
    /// takes away all that would show it.
    pub(super) fn hides(&self, argument: &Argument, (message, member): (Message, &str)) -> bool {
        let travels = matches!(
            member,
            "status" | "content-type" | "location" | "retry-after" | "content-encoding" | "transfer-encoding" | "delay"
        );
        let touches = |wanted: &str| self.touches.contains(&(message, wanted));
        // What is where a redirect leads may be the same message again.
        let replaced = touches("body") && !touches("location") && !travels;
        let unsaid = touches("payload") && !travels && !member.starts_with("header.") && member != "signature";
        self.is_meant(argument, message)
            && (replaced || unsaid || touches("hang") || (touches("cut") && member != "delay"))
    }

    /// Whether the argument, where it is the name of an endpoint, is that of
    /// this message.
    fn is_meant(&self, argument: &Argument, message: Message) -> bool {
        let Parameter::Choice(words) = self.parameter else { return true };
        let mut endpoints = self.touches.iter().filter_map(|(touched, _)| endpoint(*touched));
        !endpoints.any(|name| words.contains(&name)) || endpoint(message) == Some(argument.text())
    }
}
