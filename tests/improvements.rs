//! Where a server does better than Immich, or otherwise, and the specifications
//! permit it, no `must` fails: the catalogue against the reference server with
//! each improvement.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use conformance_tests::{options, scenarios};
use harness::reference::{NEWEST, improvements};
use harness::runner::Worker;
use harness::scenario::{Catalogue, Scenario};

/// What each may change: the scenarios whose names begin so.
const CONCERNS: &[(&str, &[&str])] = &[
    ("nonce-always", &["authorization-request/", "id-token/", "link/", "mobile-redirect/", "pkce/", "profiles/"]),
    ("password-before-link", &["auto-register/", "claims/", "subject/"]),
    ("unverified-email-refused", &["auto-register/", "claims/", "subject/", "profiles/"]),
    ("page-before-app", &["mobile-redirect/", "link/", "profiles/"]),
    ("refusals-in-own-words", &[""]),
    ("logout-token-no-content", &["backchannel-logout/", "key-rotation/", "key-set/", "link/", "tls/"]),
    ("cookies-strict", &["callback/", "logout/", "state/"]),
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
            for case in scenario.cases() {
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

/// The clauses that name the status of a refusal.
const NAME_A_STATUS: &[&str] = &["OIDC Back-Channel Logout §2.8"];

#[test]
fn refusals_are_expected_by_their_meaning() {
    let catalogue = Catalogue::read(&[scenarios()]).unwrap();
    let mut exact = Vec::new();
    for case in catalogue.scenarios.iter().flat_map(Scenario::cases) {
        let shape = &case.play.shape;
        let is_named = shape.requirement.iter().any(|clause| NAME_A_STATUS.contains(&clause.as_str()));
        for one in case.play.expected.iter().flatten() {
            let is_exact = match one.dotted().as_str() {
                "response.status" => {
                    one.matcher.plain().and_then(serde_json::Value::as_u64).is_some_and(|it| it >= 400)
                }
                "response.message" => !one.matcher.texts().is_empty(),
                _ => false,
            };
            if is_exact && !is_named {
                exact.push(format!("{}: {}", shape.title, one.tell()));
            }
        }
    }
    assert_eq!(exact, Vec::<String>::new());
}
