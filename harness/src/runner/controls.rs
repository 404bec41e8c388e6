//! The controls that succeeded, and when an end-user last signed in.
//!
//! A control is a sign-in without its scenario's alteration. It proves that the
//! server does not simply refuse every sign-in. Scenarios with the same control
//! share it. A server may begin to refuse every sign-in during a run, so that a
//! success holds only while other plays still sign in.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::OwnedMutexGuard;

use super::once::Once;
use crate::scenario::{Play, Shape};

/// For so many plays after a sign-in a control that succeeded need not be played
/// again.
const PLAYS: u32 = 25;

/// The controls that succeeded. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Controls {
    succeeded: Once<()>,
    /// After how many plays of the run an end-user last signed in.
    signed_in: Arc<AtomicU32>,
}

/// Whether a control succeeded. While it is held, no other test plays it.
#[derive(Debug)]
pub(super) struct Success {
    known: OwnedMutexGuard<Option<()>>,
    signed_in: Arc<AtomicU32>,
}

impl Controls {
    /// Returns whether a control that is the same succeeded.
    pub(super) async fn of(&self, control: &Play) -> Success {
        self.success(self.succeeded.of(&essence(control)).await)
    }

    /// Returns the same; none while another play is about to show it.
    pub(super) fn at_once(&self, control: &Play) -> Option<Success> {
        self.succeeded.at_once(&essence(control)).map(|known| self.success(known))
    }

    fn success(&self, known: OwnedMutexGuard<Option<()>>) -> Success {
        Success { known, signed_in: Arc::clone(&self.signed_in) }
    }

    /// An end-user signed in, in the last of so many plays.
    pub(super) fn note_sign_in(&self, plays: u32) {
        self.signed_in.fetch_max(plays, Ordering::Relaxed);
    }
}

impl Success {
    /// Whether the control need not be played; `plays` is how many there have been.
    pub(super) fn holds(&self, plays: u32) -> bool {
        self.known.is_some() && plays.saturating_sub(self.signed_in.load(Ordering::Relaxed)) < PLAYS
    }

    /// The control succeeded, as the last of so many plays.
    pub(super) fn note(&mut self, plays: u32) {
        *self.known = Some(());
        self.signed_in.fetch_max(plays, Ordering::Relaxed);
    }
}

/// All of a control that the target can tell from another: not what the
/// scenario is called, whom it is for, in which order it names settings, nor what
/// the deviation was expected to lead to.
pub(super) fn essence(control: &Play) -> String {
    let Shape { server, provider, other_provider, users, patience, steps, .. } = &control.shape;
    let (mut server, mut steps) = (server.clone(), steps.clone());
    server.sort();
    for step in &mut steps {
        step.expect.clear();
        step.sort_settings();
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
        scenario.cases()[0].control.clone().unwrap()
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

    #[rstest]
    #[case::before("[server.oauth]\n", "")]
    #[case::later("[[steps]]\nconfigure.oauth = {", "}")]
    fn the_order_of_settings_makes_no_difference(#[case] start: &str, #[case] end: &str) {
        let (names, comma) = (["autoLaunch = false", "autoRegister = true"], if end.is_empty() { "\n" } else { "," });
        let of = |names: [&str; 2]| essence(&control("t", &format!("{start}{}{end}", names.join(comma))));
        assert_eq!(of(names), of([names[1], names[0]]));
        assert_ne!(of(names), of([names[0], "autoRegister = false"]));
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
    async fn a_success_holds_while_others_sign_in() {
        let (controls, control) = (Controls::default(), control("one", ""));
        controls.note_sign_in(3);
        assert!(!controls.of(&control).await.holds(3), "another sign-in is not the control");
        controls.of(&control).await.note(3);
        controls.note_sign_in(30);
        controls.note_sign_in(20);
        assert!(controls.of(&control).await.holds(30 + PLAYS - 1));
        assert!(!controls.of(&control).await.holds(30 + PLAYS));
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
