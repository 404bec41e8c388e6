//! Which quirks and overlays cannot go together: both would change the same
//! member, or the one hides what the other changes. The message that refuses
//! them is in [`super::error`].

use super::{Argument, Conflict, Deviations, Overlay, Quirk, Touch};
use crate::message::Member;

impl Deviations {
    /// The first two quirks that hide each other.
    pub(super) fn conflict(&self) -> Option<Conflict> {
        for (index, (first, argument)) in self.quirks.iter().enumerate() {
            for (second, other) in &self.quirks[index + 1..] {
                let same = first.means(argument).find(|touch| second.means(other).any(|another| another == *touch));
                let hidden =
                    || hidden((first, argument), (second, other)).or(hidden((second, other), (first, argument)));
                if let Some((message, member)) = same.or_else(hidden) {
                    let (first, second) = (first.name.to_owned(), second.name.to_owned());
                    return Some(Conflict { first, second, message: message.name(), member: member.to_string() });
                }
            }
        }
        None
    }

    /// The quirk that hides one of the `overlays`, which come before it.
    pub(super) fn hides(&self, overlays: &[Overlay]) -> Option<Conflict> {
        for (quirk, argument) in &self.quirks {
            for overlay in overlays {
                let touches = |member: &Member<'_>| {
                    let touch = (overlay.message, *member);
                    quirk.touches.contains(&touch) || quirk.hides(argument, touch)
                };
                if let Some(member) = overlay.members().find(touches) {
                    let (first, second, message) = (quirk.name.to_owned(), overlay.name(), overlay.message.name());
                    return Some(Conflict { first, second, message, member: member.to_string() });
                }
            }
        }
        None
    }
}

/// What the second would change, if the first leaves nothing of it to be seen.
fn hidden(
    (first, argument): (&Quirk, &Argument),
    (second, other): (&'static Quirk, &Argument),
) -> Option<&'static Touch<'static>> {
    let mut touches = second.means(other);
    second.means(other).all(|touch| first.hides(argument, *touch)).then(|| touches.next())?
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn two_quirks_on_one_member_are_refused_with_the_reason() {
        let error = Deviations::of_quirks(&json!({"wrong-issuer": true, "missing-issuer": true})).unwrap_err();
        assert!(error.to_string().contains("`iss` of the id-token message"), "{error}");
        assert!(Deviations::of_quirks(&json!({"wrong-issuer": true, "wrong-audience": true})).is_ok());
    }

    /// What replaces, cuts off or holds back a message leaves nothing of it to
    /// be seen.
    #[rstest]
    #[case(json!({"discovery-html": true, "issuer-mismatch": true}), "`issuer` of the discovery message")]
    #[case(json!({"issuer-mismatch": true, "discovery-html": true}), "`issuer` of the discovery message")]
    #[case(json!({"payload-not-an-object": "null", "expired": true}), "`exp` of the id-token message")]
    #[case(json!({"connection-cut": "token", "token-status": 500}), "`status` of the token-response message")]
    #[case(json!({"hang": "token", "connection-cut": "token"}), "of the token-response message")]
    #[case(json!({"hang": "jwks", "slow": "jwks"}), "`delay` of the jwks message")]
    #[case(json!({"down-from": "token", "token-status": 500}), "`status` of the token-response message")]
    fn a_quirk_that_hides_another_is_refused(#[case] quirks: Value, #[case] told: &str) {
        let error = Deviations::of_quirks(&quirks).unwrap_err();
        assert!(error.to_string().contains(told), "{error}");
    }

    #[rstest]
    #[case(json!({"connection-cut": "userinfo", "token-status": 500}))]
    #[case(json!({"connection-cut": "jwks", "slow": "jwks"}))]
    #[case(json!({"discovery-bad-json": true, "discovery-content-type": true}))]
    #[case(json!({"discovery-moved": 302, "issuer-mismatch": true}))]
    #[case(json!({"payload-not-an-object": "null", "bad-signature": true}))]
    #[case(json!({"down-from": "token", "issuer-mismatch": true}))]
    #[case(json!({"hang": "jwks", "slow": "token"}))]
    #[case(json!({"rate-limited": "token", "discovery-status": 500}))]
    #[case(json!({"byte-order-mark": "userinfo", "issuer-mismatch": true}))]
    fn quirks_that_are_both_seen_go_together(#[case] quirks: Value) {
        assert!(Deviations::of_quirks(&quirks).is_ok(), "{:?}", Deviations::of_quirks(&quirks));
    }
}
