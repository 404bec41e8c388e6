//! The test that ends the server fails, and no other.

use std::collections::BTreeSet;

use conformance_tests::run;
use harness::report::{Outcome, problems};
use harness::scenario::Catalogue;
use rstest::rstest;

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
