//! The honest sign-in before a run fails: one sentence, the exchanges, the
//! likely cause and what to do, and the server is as it was.

use harness::report::Report;
use rstest::rstest;

use super::{FILTER, staging, trouble};
use crate::golden;
use crate::proxy::{Instead, Trouble};
use crate::server::{Staging, finished, shown};

/// What a terminal shows at once.
fn is_read_at_once(said: &str) {
    let said: String =
        said.lines().filter(|line| !line.starts_with("ok ")).map(|line| line.to_owned() + "\n").collect();
    assert!(said.lines().count() <= 25, "{said}");
    let long: Vec<_> = said.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[rstest]
#[case::at_discovery("suffix-never-appended")]
#[case::at_authorization("redirect-uri-encoded-twice")]
#[case::at_token("verifier-not-sent")]
#[case::at_the_account("never-registers")]
#[case::at_the_session("session-of-first-account")]
#[tokio::test(flavor = "multi_thread")]
async fn a_bug_that_breaks_every_sign_in(#[case] defect: &str) {
    let staging = Staging::with(&[defect]).await;
    let output = finished(staging.run_of(FILTER)).await;
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    is_read_at_once(&shown(&output));
    golden::compare(&format!("sign-in-{defect}"), &staging, &shown(&output));
    staging.is_as_it_was().await;
}

#[rstest]
#[case::page("page", Trouble::Page("POST /api/oauth/authorize"))]
#[case::lost_cookies("no-state", instead("POST /api/oauth/callback", 400, r#"{"message":"OAuth state is missing"}"#))]
#[case::replicas("not-enabled", instead("POST /api/oauth/authorize", 400, r#"{"message":"OAuth is not enabled"}"#))]
#[case::without_url("no-url", instead("POST /api/oauth/authorize", 201, r#"{"redirect":"http://idp.test"}"#))]
#[case::no_route("no-route", instead("POST /api/oauth/authorize", 404, r#"{"message":"Cannot POST"}"#))]
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_not_that_of_the_contract(#[case] name: &str, #[case] kind: Trouble) {
    let (staging, proxy) = staging().await;
    trouble(&proxy, kind);
    let output = finished(staging.run_of(FILTER)).await;
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    is_read_at_once(&shown(&output));
    golden::compare(&format!("sign-in-{name}"), &staging, &shown(&output));
    staging.is_as_it_was().await;
}

fn instead(what: &'static str, status: u16, body: &'static str) -> Trouble {
    Trouble::Instead(Instead { what, from: 1, status, body })
}

#[rstest]
#[case::ordinary_user("key-of-an-ordinary-user", instead("GET /api/admin/config", 403, r#"{"message":"Forbidden"}"#))]
#[case::proxy("proxy-answers", Trouble::Page("GET /api/server/version"))]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cannot_be_judged(#[case] name: &str, #[case] kind: Trouble) {
    let (staging, proxy) = staging().await;
    trouble(&proxy, kind);
    let output = finished(staging.run_of(FILTER)).await;
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    golden::compare(name, &staging, &shown(&output));
    staging.is_as_it_was().await;
}

/// Every form of report tells of it, whether a test followed or not.
#[rstest]
#[case::fails(&["verifier-not-sent"], "Sign-in fails: the provider refuses the server")]
#[case::works(&[], "Sign-in works: a test user signed in through the provider at ")]
#[tokio::test(flavor = "multi_thread")]
async fn it_is_reported(#[case] defects: &[&str], #[case] line: &str) {
    let staging = Staging::with(defects).await;
    let file = |kind: &str| staging.folder.path().join(format!("report.{kind}"));
    let mut command = staging.run_of(FILTER);
    let kinds = ["json", "junit", "tap", "markdown", "html"];
    for kind in kinds {
        command.arg("--report").arg(format!("{kind}={}", file(kind).display()));
    }
    let output = finished(command).await;
    let fails = !defects.is_empty();
    assert_eq!(output.status.code(), Some(i32::from(fails)), "{}", shown(&output));
    let read = |kind: &str| std::fs::read_to_string(file(kind)).unwrap();
    for kind in &kinds[1..] {
        let words = if *kind == "html" && !fails { line.trim_start_matches("Sign-in works: ") } else { line };
        assert!(read(kind).contains(words), "{kind}: {}", read(kind));
    }
    let report: Report = serde_json::from_str(&read("json")).unwrap();
    let [sign_in] = report.sign_ins.as_slice() else { panic!("{:?}", report.sign_ins) };
    assert!(sign_in.line().starts_with(line) && sign_in.exchanges.len() > 4, "{sign_in:?}");
    assert_eq!((report.unplayed > 0, report.results.is_empty()), (fails, fails));
    assert!(report.target.as_ref().is_some_and(|target| target.url == staging.url));
    if fails {
        // The error names the cause, so the run prints no result without tests.
        assert_eq!(String::from_utf8_lossy(&output.stdout), "");
        assert_eq!(report.verdict(), "Sign-in fails");
    }
    staging.is_as_it_was().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_plays_on_with_continue_anyway() {
    let staging = Staging::with(&["never-registers"]).await;
    let mut command = staging.run_of(FILTER);
    command.arg("--continue-anyway");
    let output = finished(command).await;
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("warning: Sign-in fails: "), "{}", shown(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains(" against "), "{}", shown(&output));
    staging.is_as_it_was().await;
}
