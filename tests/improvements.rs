//! Where a server does better than Immich, or otherwise, and the specifications
//! permit it, no `must` fails: the catalogue against the reference server with
//! each improvement.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use conformance_tests::{options, scenarios};
use harness::reference::{NEWEST, improvements};
use harness::runner::Worker;
use harness::scenario::Catalogue;

/// What each may change: the scenarios whose names begin so.
const CONCERNS: &[(&str, &[&str])] = &[
    ("nonce-always", &["authorization-request/", "id-token/", "link/", "mobile-redirect/", "pkce/", "profiles/"]),
    ("password-before-link", &["auto-register/", "claims/", "subject/"]),
    ("unverified-email-refused", &["auto-register/", "claims/", "subject/", "profiles/"]),
    ("page-before-app", &["mobile-redirect/", "link/", "profiles/"]),
    ("unlinked-as-null", &["link/"]),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_must_holds_where_a_server_does_better() {
    let catalogue = Catalogue::read(&[scenarios()]).unwrap();
    let mut red = Vec::new();
    for improvement in improvements() {
        let (_, beginnings) = CONCERNS.iter().find(|(name, _)| *name == improvement.name).unwrap();
        let mut worker = Worker::with_reference(options(1), &NEWEST, &[improvement.name.to_owned()]).await.unwrap();
        let concerned = |name: &str| beginnings.iter().any(|beginning| name.starts_with(beginning));
        for scenario in catalogue.scenarios.iter().filter(|scenario| concerned(&scenario.name)) {
            for case in &scenario.cases {
                let report = worker.test(scenario, case, None).await;
                if report.result.outcome.is_red(false) {
                    red.push(format!("{}: {} {:?}", improvement.name, report.test_name(), report.result));
                }
            }
        }
        worker.finish().await.unwrap();
    }
    assert_eq!(red, Vec::<String>::new());
}
