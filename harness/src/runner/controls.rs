//! The controls that succeeded recently.
//!
//! A control is a sign-in without its scenario's alteration. It proves that the
//! server does not simply refuse every sign-in. Scenarios with the same control
//! share it. A success expires, since a server may begin to refuse every
//! sign-in during a run.

use std::collections::HashMap;

use crate::scenario::{Play, Shape};

/// For so many plays after it a control need not be played again.
const PLAYS: u32 = 25;

/// The controls that succeeded, and when: after how many plays of the worker.
#[derive(Debug, Default)]
pub(super) struct Controls(HashMap<String, u32>);

impl Controls {
    /// Whether one that is the same succeeded lately; `plays` is how many
    /// there have been.
    pub(super) fn hold(&self, control: &Play, plays: u32) -> bool {
        self.0.get(&essence(control)).is_some_and(|at| plays.saturating_sub(*at) < PLAYS)
    }

    /// It succeeded, as the last of so many plays.
    pub(super) fn note(&mut self, control: &Play, plays: u32) {
        self.0.insert(essence(control), plays);
    }
}

/// All of a control that the target can tell from another: not what the
/// scenario is called, whom it is for, nor what the deviation was expected to
/// lead to.
fn essence(control: &Play) -> String {
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
    fn the_same_control_proves_the_same(#[case] body: &str, #[case] proven: bool) {
        let mut controls = Controls::default();
        controls.note(&control("one", ""), 7);
        assert_eq!(controls.hold(&control("another", body), 8), proven);
    }

    #[test]
    fn no_success_is_for_ever() {
        let (mut controls, control) = (Controls::default(), control("one", ""));
        assert!(!controls.hold(&control, 0));
        controls.note(&control, 3);
        assert!(controls.hold(&control, 3 + PLAYS - 1));
        assert!(!controls.hold(&control, 3 + PLAYS));
    }
}
