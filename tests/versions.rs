//! The catalogue against the reference server of older versions: what came
//! later is skipped, and everything else holds.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use conformance_tests::{options, scenarios};
use harness::reference::known_version;
use harness::report::Outcome;
use harness::runner::Worker;
use harness::scenario::Catalogue;
use rstest::rstest;

/// Scenarios that a version may concern, by how their names begin.
const CONCERNED: &[&str] =
    &["auto-register/", "backchannel-logout/offered", "claims/", "discovery/insecure", "link/", "logout/", "settings/"];

#[rstest]
#[case("2.7", 19)]
#[case("3.0", 10)]
#[case("3.1", 8)]
#[case("3.2", 2)]
#[tokio::test(flavor = "multi_thread")]
async fn an_older_server_is_judged_by_what_it_has(#[case] version: &str, #[case] skipped: usize) {
    let catalogue = Catalogue::read(&[scenarios()]).unwrap();
    let mut worker = Worker::with_reference(options(1), &known_version(version).unwrap(), &[]).await.unwrap();
    let (mut passed, mut skips) = (0, Vec::new());
    let concerned = |name: &str| CONCERNED.iter().any(|beginning| name.starts_with(beginning));
    for scenario in catalogue.scenarios.iter().filter(|scenario| concerned(&scenario.name)) {
        for case in scenario.cases() {
            let report = worker.test(scenario, case, None).await;
            match report.result.outcome {
                Outcome::Skipped => skips.push(format!("{}: {:?}", report.test_name(), report.result.reason)),
                outcome => assert!(!outcome.is_red(true), "{version}: {} {:?}", report.test_name(), report.result),
            }
            passed += usize::from(report.result.outcome == Outcome::Passed);
        }
    }
    worker.finish().await.unwrap();
    assert_eq!(skips.len(), skipped, "{version}: {skips:#?}");
    assert!(passed > 80, "{passed}");
}
