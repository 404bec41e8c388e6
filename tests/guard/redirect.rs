//! A server that refuses by a redirect where Immich answers with an error: it
//! has refused, and one test names the difference. A redirect that opens a
//! session is no refusal.

use harness::report::{CaseReport, Outcome, Report};
use rstest::rstest;

use crate::golden;
use crate::server::{Staging, finished, shown};

fn report(staging: &Staging) -> Report {
    serde_json::from_str(&std::fs::read_to_string(staging.folder.path().join("report.json")).unwrap()).unwrap()
}

fn run_of(staging: &Staging, filters: &[&str]) -> std::process::Command {
    let mut command = staging.run_of(filters[0]);
    command.args(filters[1..].iter().flat_map(|filter| ["--filter", filter]));
    command.arg("--report").arg(format!("json={}", staging.folder.path().join("report.json").display()));
    command.args(["--report", "human"]);
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_by_a_redirect_is_one_failed_requirement() {
    let staging = Staging::with(&["refusal-redirects"]).await;
    let filters = ["authorization-response/", "callback/", "id-token/wrong", "link/", "scopes/", "state/"];
    let output = finished(run_of(&staging, &filters)).await;
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    let report = report(&staging);
    let red = report.results.iter().filter(|test| test.result.outcome.is_red(true));
    assert_eq!(red.map(CaseReport::test_name).collect::<Vec<_>>(), ["callback/refusal"]);
    assert!(report.counts.get(Outcome::Passed) > 60, "{}", shown(&output));
    // The progress is on the other stream.
    golden::compare("refusal-redirects", &staging, &String::from_utf8_lossy(&output.stdout));
    staging.is_as_it_was().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_with_a_session_is_no_refusal(
    #[values("redirect-opens-session", "redirect-opens-session-in-address", "redirect-opens-session-in-body")]
    defect: &str,
) {
    let staging = Staging::with(&[defect]).await;
    // The session is of the last account. One test leaves it alone: the run deletes
    // accounts only after several.
    let output = finished(run_of(&staging, &["state/wrong::cut-in-half"])).await;
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    let report = report(&staging);
    let outcomes = report.results.iter().map(|test| test.result.outcome);
    assert!(
        !report.results.is_empty() && outcomes.into_iter().all(|outcome| outcome == Outcome::Failed),
        "{}",
        shown(&output)
    );
    staging.is_as_it_was().await;
}
