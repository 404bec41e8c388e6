//! The order of the tests of a run: the same however many play at a time, since a test
//! may find the server as others left it. Pure.

use std::collections::VecDeque;
use std::sync::Arc;

use super::controls::essence;
use super::settings_group::{SettingsGroup, early_control, has_own_turn, plays_beside};
use super::work::PlannedTest;
use crate::scenario::Scenario;

/// Returns the tests in their order, and controls that are played before their tests.
///
/// Tests that can play side by side come first. Those with equal
/// settings are next to each other, so that the settings are written once: first those
/// that have a turn together. Among them are those with equal controls next to each
/// other, so that a control is played rarely; those without come last, since a control
/// tells early that the server refuses all sign-ins. A control that needs the settings
/// of other tests than its own is played with those, so that it costs no turn.
pub(super) fn in_order(scenarios: Vec<Scenario>) -> VecDeque<PlannedTest> {
    let mut tests = Vec::new();
    for scenario in scenarios {
        let scenario = Arc::new(scenario);
        for (index, case) in scenario.cases.iter().enumerate() {
            let is_beside = plays_beside(case);
            let group = if is_beside { SettingsGroup::beside(&case.play) } else { SettingsGroup::of(&case.play) };
            let group = Arc::new(group);
            let test = PlannedTest {
                scenario: Arc::clone(&scenario),
                case: index,
                group,
                is_beside,
                is_control: false,
                place: 0,
            };
            if let Some(group) = early_control(&scenario, case) {
                tests.push(PlannedTest { group: Arc::new(group), is_beside: true, is_control: true, ..test.clone() });
            }
            tests.push(test);
        }
    }
    let within = |test: &PlannedTest| {
        let case = test.scenario.cases.get(test.case)?;
        let control = case.control.as_ref().map(essence);
        Some((!test.is_control && has_own_turn(&test.scenario, case), control.is_none(), control))
    };
    tests.sort_by_cached_key(|test| (!test.is_beside, Arc::clone(&test.group), within(test)));
    tests.iter_mut().enumerate().for_each(|(place, test)| test.place = place);
    tests.into()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use super::*;
    use crate::diagnostic::Source;

    /// A scenario in which Alice signs in at this provider, and is refused.
    fn refused(name: &str, provider: &str) -> Scenario {
        let text = format!(
            "format = 1\ntitle = \"t\"\nproblem = \"Fails\"\nseverity = \"low\"\nrequirement = [\"OIDC Core §2\"]\n\
             why = \"w\"\n[users.alice]\n[provider]\n{provider}\n[[steps]]\nsign-in.as = \"alice\"\n\
             expect.outcome = \"refused\"\n"
        );
        Scenario::parse(name, Source { path: "s.toml".into(), text }).unwrap()
    }

    fn order(scenarios: Vec<Scenario>) -> Vec<(String, bool)> {
        in_order(scenarios).into_iter().map(|one| (one.scenario.name.clone(), one.is_control)).collect()
    }

    /// The control of a test with an issuer of its own needs the settings of the others.
    #[test]
    fn a_control_is_played_with_tests_that_have_its_settings() {
        let scenarios = vec![
            refused("own", "quirks.jwks-empty = true"),
            refused("one", "quirks.wrong-audience = true"),
            refused("other", "quirks.wrong-issuer = true"),
        ];
        let order = order(scenarios);
        assert_eq!(order.last(), Some(&("own".to_owned(), false)));
        assert!(order[..3].contains(&("own".to_owned(), true)), "{order:?}");
        assert_eq!(order.len(), 4);
    }

    /// It would cost the turn that it is meant to save.
    #[test]
    fn a_control_that_needs_a_turn_of_its_own_is_played_with_its_test() {
        let configures = "[[steps]]\nconfigure.oauth.autoRegister = false";
        let order = order(vec![refused("own", &format!("quirks.jwks-empty = true\n{configures}"))]);
        assert_eq!(order, [("own".to_owned(), false)]);
    }
}
