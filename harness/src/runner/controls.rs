//! The controls that succeeded recently.
//!
//! A control is a sign-in without its scenario's alteration. It proves that the
//! server does not simply refuse every sign-in. Scenarios with the same control
//! share it. A success expires, since a server may begin to refuse every
//! sign-in during a run.

use tokio::sync::OwnedMutexGuard;

use super::once::Once;
use crate::scenario::{Play, Shape};

/// For so many plays after it a control need not be played again.
const PLAYS: u32 = 25;

/// The controls that succeeded, and when: after how many plays of the run.
/// Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Controls(Once<u32>);

/// When a control succeeded last. While it is held, no other test plays it.
#[derive(Debug)]
pub(super) struct Success(OwnedMutexGuard<Option<u32>>);

impl Controls {
    /// Returns when a control that is the same succeeded last.
    pub(super) async fn of(&self, control: &Play) -> Success {
        Success(self.0.of(&essence(control)).await)
    }
}

impl Success {
    /// Whether it was lately; `plays` is how many there have been.
    pub(super) fn holds(&self, plays: u32) -> bool {
        self.0.is_some_and(|at| plays.saturating_sub(at) < PLAYS)
    }

    /// The control succeeded, as the last of so many plays.
    pub(super) fn note(&mut self, plays: u32) {
        *self.0 = Some(plays);
    }
}

/// All of a control that the target can tell from another: not what the
/// scenario is called, whom it is for, nor what the deviation was expected to
/// lead to.
pub(super) fn essence(control: &Play) -> String {
    let Shape { server, provider, other_provider, users, patience, steps, .. } = &control.shape;
    let mut steps = steps.clone();
    for step in &mut steps {
        step.expect.clear();
    }
    format!("{:?}", (server, provider, other_provider, users, patience, steps))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use futures_util::FutureExt;
    use rstest::rstest;

    use super::*;
    use crate::diagnostic::Source;
    use crate::scenario::Scenario;

    fn control(title: &str, body: &str) -> Play {
        let text = format!(
            "format = 1\ntitle = \"{title}\"\nproblem = \"Fails\"\nseverity = \"low\"\n\
             requirement = [\"OIDC Core §2\"]\nwhy = \"w\"\n[users.alice]\n{body}\n[[steps]]\n\
             quirks.wrong-issuer = true\nsign-in.as = \"alice\"\nexpect.outcome = \"refused\"\n"
        );
        let scenario = Scenario::parse("s", Source { path: "s.toml".into(), text }).unwrap();
        scenario.cases[0].control.clone().unwrap()
    }

    #[rstest]
    #[case::another_title("[provider]\nquirks.wrong-audience = true", true)]
    #[case::other_settings("[server.oauth]\nautoRegister = false\n[control.server.oauth]\nautoRegister = true", false)]
    #[case::another_provider("[provider]\nclaims-in = \"both\"", false)]
    #[case::more_people("[users.bob]", false)]
    #[case::other_claims("name = \"A\"", false)]
    #[case::a_step_before("[[steps]]\ncreate-account.for = \"alice\"", false)]
    #[tokio::test]
    async fn the_same_control_proves_the_same(#[case] body: &str, #[case] proven: bool) {
        let controls = Controls::default();
        controls.of(&control("one", "")).await.note(7);
        assert_eq!(controls.of(&control("another", body)).await.holds(8), proven);
    }

    #[tokio::test]
    async fn no_success_is_for_ever() {
        let (controls, control) = (Controls::default(), control("one", ""));
        let mut success = controls.of(&control).await;
        assert!(!success.holds(0));
        success.note(3);
        assert!(success.holds(3 + PLAYS - 1));
        assert!(!success.holds(3 + PLAYS));
    }

    #[tokio::test]
    async fn two_tests_do_not_play_the_same_control_at_once() {
        let (controls, control) = (Controls::default(), control("one", ""));
        let success = controls.of(&control).await;
        assert!(controls.of(&control).now_or_never().is_none());
        drop(success);
        assert!(controls.of(&control).now_or_never().is_some());
    }
}
