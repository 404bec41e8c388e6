//! The order of the tests of a run: the same however many play at a time, since a test
//! may find the server as others left it. Pure.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use super::controls::essence;
use super::settings_group::{SettingsGroup, early_control, has_own_turn, plays_beside};
use super::work::PlannedTest;
use crate::scenario::{Case, Scenario};

/// Returns the tests in their order, and controls that are played before their tests.
///
/// Tests that can play side by side come first. Those with equal
/// settings are next to each other, so that the settings are written once: first those
/// that have a turn together. Among them are those with equal controls next to each
/// other, so that a control is played rarely; those without come last, since a control
/// tells early that the server refuses all sign-ins. A control that needs the settings
/// of other tests than its own is played with those, so that it costs no turn.
pub(super) fn in_order(scenarios: Vec<Scenario>) -> VecDeque<PlannedTest> {
    let (mut groups, mut essences) = (BTreeSet::new(), BTreeSet::new());
    let mut tests = Vec::new();
    for mut scenario in scenarios {
        let planned = scenario.cases().iter().map(|case| PlannedCase::of(&scenario, case)).collect::<Vec<_>>();
        scenario.forget();
        let scenario = Arc::new(scenario);
        for PlannedCase { name, group, is_beside, early_control, has_own_turn, essence } in planned {
            let essence = essence.map(|essence| shared(&mut essences, essence));
            let test = PlannedTest {
                scenario: Arc::clone(&scenario),
                case: name,
                group: shared(&mut groups, group),
                is_beside,
                is_control: false,
                has_own_turn,
                place: 0,
            };
            if let Some(group) = early_control {
                let group = shared(&mut groups, group);
                let control = PlannedTest { group, is_beside: true, is_control: true, ..test.clone() };
                tests.push(((false, essence.is_none(), essence.clone()), control));
            }
            tests.push(((has_own_turn, essence.is_none(), essence), test));
        }
    }
    tests.sort_by(|(within, test), (other_within, other)| {
        (!test.is_beside, &test.group, within).cmp(&(!other.is_beside, &other.group, other_within))
    });
    let places = tests.into_iter().enumerate();
    places.map(|(place, (_, test))| PlannedTest { place, ..test }).collect()
}

/// What the order needs to know of a case.
struct PlannedCase {
    name: Option<String>,
    group: SettingsGroup,
    is_beside: bool,
    early_control: Option<SettingsGroup>,
    has_own_turn: bool,
    /// Of its control.
    essence: Option<String>,
}

impl PlannedCase {
    fn of(scenario: &Scenario, case: &Case) -> Self {
        let is_beside = plays_beside(case);
        Self {
            name: case.name.clone(),
            group: SettingsGroup::of(&case.play),
            is_beside,
            early_control: early_control(scenario, case),
            has_own_turn: has_own_turn(scenario, case),
            essence: case.control.as_ref().map(essence),
        }
    }
}

/// Returns the one of equal values that is kept.
fn shared<T: Ord>(kept: &mut BTreeSet<Arc<T>>, value: T) -> Arc<T> {
    let value = Arc::new(value);
    if let Some(known) = kept.get(&value) {
        return Arc::clone(known);
    }
    kept.insert(Arc::clone(&value));
    value
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
