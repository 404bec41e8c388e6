//! What a quirk is.

use super::operation::Operation;
use super::{Argument, Parameter};
use crate::message::{Member, Message};

/// A member of a message.
pub type Touch<'a> = (Message, Member<'a>);

/// One named deviation.
#[derive(Debug)]
pub struct Quirk {
    /// Its name in files, in kebab case.
    pub name: &'static str,
    /// What it does, for people who do not know OpenID Connect by heart.
    pub text: &'static str,
    /// The requirement that the provider breaks, or that the relying party
    /// must uphold in the face of it.
    pub requirement: &'static str,
    /// What may be said about it.
    pub parameter: Parameter,
    /// The members that it changes. Nothing else differs on the wire.
    pub touches: &'static [Touch<'static>],
    /// What it does to them.
    pub(crate) operation: Operation,
}

impl Quirk {
    /// Whether it may change such a message.
    pub(super) fn concerns(&self, message: Message) -> bool {
        self.touches.iter().any(|(touched, _)| *touched == message)
    }

    /// The members that it may change with this argument, whichever message comes.
    pub(super) fn touches_with(&'static self, argument: &Argument) -> impl Iterator<Item = &'static Touch<'static>> {
        let choice = Member::Named(argument.text());
        let is_choice =
            matches!(self.parameter, Parameter::Choice(_)) && self.touches.iter().any(|(_, member)| *member == choice);
        self.touches.iter().filter(move |(_, member)| !is_choice || *member == choice)
    }

    /// The members that it changes with this argument.
    pub(super) fn means(&'static self, argument: &Argument) -> impl Iterator<Item = &'static Touch<'static>> {
        self.touches_with(argument).filter(|(message, _)| self.parameter.means(argument, *message))
    }

    /// Whether a change of this member does not show, because the quirk
    /// removes everything that would show it.
    pub(super) fn hides(&self, argument: &Argument, (message, member): Touch<'_>) -> bool {
        let touches = |wanted: Member<'_>| self.touches.contains(&(message, wanted));
        // A redirect may lead to the same message again.
        let replaced = touches(Member::Body) && !touches(Member::Location) && !member.is_beside_body();
        let unsaid = touches(Member::Payload) && !member.is_beside_body() && !member.is_beside_payload();
        let cut = touches(Member::Cut) && member != Member::Delay;
        self.parameter.means(argument, message) && (replaced || unsaid || cut || touches(Member::Hang))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::quirk::{Deviations, QUIRKS};

    fn overlay_goes_with(quirk: &Quirk, message: Message, member: &str) -> bool {
        let quirks = json!({ quirk.name: true });
        let overlay = json!({ message.name(): { "set": { member: "x" } } });
        Deviations::parse(quirks.as_object().unwrap(), overlay.as_object().unwrap()).is_ok()
    }

    /// A body member may have the name of a part of the answer.
    #[test]
    fn a_replaced_body_hides_members_of_every_name() {
        let mut count = 0;
        for quirk in QUIRKS {
            let argument = quirk.parameter.parse(&json!(true)).unwrap();
            for message in Message::ALL.iter().copied().filter(|message| message.has_members()) {
                let touches = |member| quirk.touches.contains(&(message, member));
                let replaces = touches(Member::Body) && !touches(Member::Location);
                if replaces && quirk.parameter.means(&argument, message) {
                    count += 1;
                    for member in ["sub", "status", "body", "location"] {
                        assert!(!overlay_goes_with(quirk, message, member), "{} and `{member}`", quirk.name);
                    }
                }
            }
        }
        assert!(count >= 10, "{count}");
    }

    #[rstest]
    #[case("userinfo-status", Message::UserInfo, "status")]
    #[case("token-redirect", Message::TokenResponse, "location")]
    #[case("discovery-redirect", Message::Discovery, "body")]
    #[case("one-slash-redirect", Message::AuthorizationResponse, "location")]
    fn a_body_member_is_no_part_of_the_answer(#[case] name: &str, #[case] message: Message, #[case] member: &str) {
        assert!(overlay_goes_with(crate::quirk::quirk(name).unwrap(), message, member));
    }
}
