//! The catalogue against servers with a chosen defect: a server that never looks
//! at a message passes no test about it, and a server that goes down fails the
//! test that ended it, and no other.

use std::collections::BTreeSet;

use conformance_tests::run;
use harness::report::{Outcome, problems};
use harness::scenario::Catalogue;
use rstest::rstest;

#[rstest]
#[case::id_tokens("id-token-unread", &["id-token/"])]
#[case::signatures("signature-ignored", KEYS)]
#[case::accepts_logout_tokens("logout-token-unread", LOGOUT_TOKENS)]
#[case::refuses_logout_tokens("logout-token-refused", LOGOUT_TOKENS)]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_look_passes_nothing(#[case] defect: &str, #[case] names: &[&str]) {
    let mut catalogue = Catalogue::embedded();
    catalogue.scenarios.retain(|scenario| names.iter().any(|name| scenario.name.starts_with(name)));
    let ended = run(&[defect]).play(catalogue, |_| {}).await;
    let results = ended.map(|ended| ended.report.results).unwrap_or_default();
    let passed = results.iter().filter(|test| test.result.outcome == Outcome::Passed);
    let passed: Vec<_> = passed.map(|test| (test.test_name(), &test.result.reason)).collect();
    assert!(passed.is_empty() && results.len() > 5, "{passed:#?} of {}", results.len());
}

const KEYS: &[&str] = &[
    "id-token/signing-algorithms",
    "id-token/without-key-id",
    "key-set/ambiguous",
    "key-set/beside-others",
    "key-set/sparse-and-talkative",
    "key-set/unusable-keys",
    "key-rotation/before-signing",
    "key-rotation/between-sign-ins",
];

const LOGOUT_TOKENS: &[&str] = &["backchannel-logout/", "key-set/logout-token", "key-rotation/logout-token"];

#[rstest]
#[case::behind_a_proxy("picture-ends-worker")]
#[case::alone("picture-ends-server")]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_down_fails_the_test_that_ended_it(#[case] defect: &str) {
    let mut catalogue = Catalogue::embedded();
    catalogue.scenarios.retain(|scenario| ["auto-register/known", "picture/data-address"].contains(&&*scenario.name));
    let ended = run(&[defect]).play(catalogue, |_| {}).await;
    let Ok(report) = ended.map(|ended| ended.report) else { unreachable!("the run ends") };
    let failed = report.results.iter().filter(|test| test.result.outcome != Outcome::Passed);
    let failed: BTreeSet<&str> = failed.map(|test| test.scenario.as_str()).collect();
    assert_eq!(failed.into_iter().collect::<Vec<_>>(), ["picture/data-address"]);
    let told: Vec<_> = problems(&report).into_iter().map(|one| (one.sentence, one.routes.join(", "))).collect();
    assert_eq!(told, [("Stops working after a request".to_owned(), "POST /api/oauth/callback".to_owned())]);
}
