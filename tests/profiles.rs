//! Scenarios sign in with every profile and show its best-known failure, and no
//! scenario relies on an unconfirmed value.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use conformance_tests::scenarios;
use harness::scenario::{Catalogue, Scenario};
use mock_idp::{PROFILES, profile};

fn of_profile(catalogue: &Catalogue, name: &str) -> Vec<Scenario> {
    let uses = |scenario: &&Scenario| {
        scenario.cases().iter().all(|case| case.play.shape.provider.profile.as_deref() == Some(name))
    };
    catalogue.scenarios.iter().filter(uses).cloned().collect()
}

#[test]
fn every_profile_has_a_sign_in_and_its_best_known_failure() {
    let catalogue = Catalogue::read(&[scenarios()]).unwrap();
    for name in PROFILES {
        let all = of_profile(&catalogue, name);
        let sign_in = all.iter().find(|scenario| scenario.name == format!("profiles/{name}"));
        let cases = sign_in.map(|scenario| scenario.cases().iter().filter_map(|case| case.name.as_deref()).collect());
        assert_eq!(cases, Some(vec!["web", "mobile"]), "{name}");
        let failure = all.iter().find(|scenario| scenario.name.starts_with(&format!("profiles/{name}-")));
        let field = failure.map(|scenario| scenario.cases()[0].play.shape.field.len());
        assert!(field.is_some_and(|rows| rows > 0), "{name} has no scenario of a field failure");
    }
}

/// The names by which a scenario could see a value: the member that a setting
/// makes, or the setting itself.
#[test]
fn no_scenario_asserts_on_what_is_not_confirmed() {
    let catalogue = Catalogue::read(&[scenarios()]).unwrap();
    for name in PROFILES {
        for (key, _) in profile(name).unwrap().facts.iter().filter(|(_, fact)| !fact.is_confirmed()) {
            let member = key.rsplit('.').next().unwrap_or_default();
            for scenario in of_profile(&catalogue, name) {
                for one in scenario.cases().iter().flat_map(|case| case.play.expected.iter().flatten()) {
                    let relies = one.path.iter().any(|segment| segment == member);
                    assert!(!relies, "{} expects {}, which {name} has not confirmed", scenario.name, one.dotted());
                }
            }
        }
    }
}
