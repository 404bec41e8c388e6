//! The proof that the scenarios can fail: every defect is caught by a failed
//! expectation, and every scenario catches a defect.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::collections::BTreeSet;
use std::fmt::Write;

use conformance_tests::{run, scenarios};
use harness::reference::DEFECTS;
use harness::report::Outcome;
use harness::scenario::Catalogue;

/// Scenarios that catch no planted defect, and why they are kept.
const WITHOUT_DEFECT: &[(&str, &str)] = &[
    ("backchannel-logout/replayed", "it cites no more than a may"),
    ("callback/not-an-address", "it shows that a server survives; none of the defects kills it"),
    ("id-token/clock-skew", "it cites no more than a may"),
    ("id-token/left-to-the-server", "it cites no more than a may"),
    ("id-token/nested-too-deep", "it shows that a server survives; none of the defects kills it"),
    ("issuer-url/unreachable", "it shows that a server survives; none of the defects kills it"),
    ("logout/way-back", "it cites no more than a may"),
    ("mobile-redirect/custom-scheme-refused", "the provider refuses, whatever the server does"),
    ("tls/bad-signature", "it cites no more than a may"),
    ("token-endpoint/code-expired", "the provider refuses, whatever the server does"),
    ("token-endpoint/wrong-secret", "the provider refuses, whatever the server does"),
    ("web-redirect/settings-page", "the provider refuses, whatever the server does"),
];

async fn caught(defect: &str) -> (BTreeSet<String>, String) {
    let catalogue = Catalogue::read(&[scenarios()]).unwrap();
    let report = run(&[defect]).play(catalogue, |_| {}).await.unwrap();
    let failed = report.results.iter().filter(|case| matches!(case.result.outcome, Outcome::Failed | Outcome::Finding));
    let names = failed.map(|case| case.scenario.clone()).collect();
    let others = report.results.iter().filter(|case| case.result.outcome == Outcome::Error);
    (names, others.map(|case| format!("{}: {:?}\n", case.test_name(), case.result.reason)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_defect_is_caught_and_every_scenario_catches_one() {
    let mut catching = BTreeSet::new();
    let mut complaints = String::new();
    for defect in DEFECTS {
        let (scenarios, errors) = caught(defect.name).await;
        if scenarios.is_empty() {
            let _ = writeln!(complaints, "no scenario catches `{}`", defect.name);
        }
        complaints.push_str(&errors);
        catching.extend(scenarios);
    }
    let catalogue = Catalogue::read(&[scenarios()]).unwrap();
    for scenario in &catalogue.scenarios {
        let excused = WITHOUT_DEFECT.iter().any(|(name, _)| *name == scenario.name);
        match (catching.contains(&scenario.name), excused) {
            (false, false) => drop(writeln!(complaints, "`{}` catches no defect", scenario.name)),
            (true, true) => drop(writeln!(complaints, "`{}` catches a defect, and needs no excuse", scenario.name)),
            _ => {}
        }
    }
    assert!(complaints.is_empty(), "\n{complaints}");
}
