//! A server that never looks at a message passes no test about it.

use conformance_tests::run;
use harness::report::Outcome;
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
