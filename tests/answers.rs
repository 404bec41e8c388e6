//! Answers that a server should not give, and what a run makes of them: they
//! are the server's, unless the harness itself cannot go on. Nothing that is
//! unknown passes.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use crate::proxy::{Instead, Proxy, Trouble};
use crate::server::{Staging, client, finished, shown};
use harness::diagnostic::Source;
use harness::reference::NEWEST;
use harness::report::{CaseReport, Fault, Outcome};
use harness::runner::{Worker, WorkerOptions};
use harness::scenario::Scenario;
use rstest::rstest;

const ACCOUNTS: &str = "GET /api/admin/users";
const AUTHORIZE: &str = "POST /api/oauth/authorize";
const SESSION: &str = "GET /api/users/me";

/// From the second time on: what comes first is the look before the run.
fn answers(what: &'static str, from: usize, status: u16, body: &'static str) -> Trouble {
    Trouble::Instead(Instead { what, from, status, body })
}

#[rstest]
#[case::accounts(
    answers(ACCOUNTS, 1, 200, "{}"),
    3,
    "the harness cannot read the server's list of accounts: it is an object"
)]
#[case::no_accounts(
    answers(ACCOUNTS, 1, 200, ""),
    3,
    "the harness cannot read the server's list of accounts: it is null"
)]
#[case::none(
    answers(ACCOUNTS, 1, 200, "[]"),
    3,
    "the harness cannot read the server's list of accounts: it lists no administrator, although the API key belongs to one"
)]
#[case::all_others(
    answers(SESSION, 1, 200, r#"{"id": "4711", "email": "boss@example.org", "oauthId": ""}"#),
    3,
    "the harness cannot read the server's list of accounts: it does not contain the owner of the API key"
)]
#[case::settings(
    answers("GET /api/admin/config", 1, 200, "{}"),
    3,
    "the harness cannot read the server's settings: `oauth` is missing"
)]
#[case::defaults(
    answers("GET /api/admin/config/defaults", 1, 200, r#"{"oauth": {}}"#),
    3,
    "the harness cannot read the server's default settings: `passwordLogin` is missing"
)]
#[case::features(
    answers("GET /api/server/features", 1, 200, "{}"),
    3,
    "the harness cannot read the server's features: `configFile` is missing"
)]
#[case::public(
    answers("GET /api/server/config", 1, 200, "[]"),
    3,
    "the harness cannot read the server's public settings: `isInitialized` is missing"
)]
#[case::version(
    answers("GET /api/server/version", 1, 200, r#"{"major": "2"}"#),
    3,
    "the harness cannot read the server's version: `major` is text"
)]
#[case::route(answers("POST /api/oauth/backchannel-logout", 1, 502, ""), 3, "answers status 502 without a message")]
#[case::no_address(answers(AUTHORIZE, 2, 201, "{}"), 1, "answered 201 without a `url` to sign in at")]
#[case::a_number(answers(AUTHORIZE, 2, 201, r#"{"url": 7}"#), 1, "answered 201 without a `url` to sign in at")]
#[case::a_script(
    answers(AUTHORIZE, 2, 201, r#"{"url": "javascript:alert(1)"}"#),
    1,
    "sent the browser to javascript:alert(1), not to the provider"
)]
#[case::elsewhere(
    answers(AUTHORIZE, 2, 201, r#"{"url": "https://evil.example/login?a=b"}"#),
    1,
    "sent the browser to https://evil.example/login, not to the provider"
)]
#[case::session_not_found(
    answers(SESSION, 1, 404, r#"{"message": "Not Found"}"#),
    1,
    "the server answers GET /api/users/me with 404: Not Found"
)]
#[case::unknown_session(
    answers(SESSION, 1, 200, "{}"),
    1,
    "the harness cannot read the server's account of a session: an account has no `id`"
)]
#[tokio::test(flavor = "multi_thread")]
async fn odd_answers(#[case] trouble: Trouble, #[case] code: i32, #[case] words: &str) {
    let mut staging = Staging::start().await;
    let (proxy, address) = Proxy::before(&staging.url, client()).await;
    staging.address = address;
    *proxy.trouble.lock().unwrap() = trouble;
    // Sign-ins that are begun, interrupted and finished.
    let output = finished(staging.run_of("state/")).await;
    let shown = shown(&output);
    assert_eq!(output.status.code(), Some(code), "{shown}");
    let flowing = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flowing.contains(words), "{shown}");
    assert!(!flowing.contains("the scenario has a mistake"), "{shown}");
    staging.is_as_it_was().await;
}

/// What is asked of the server between tests is unreadable from here on.
#[tokio::test(flavor = "multi_thread")]
async fn accounts_that_cannot_be_read_any_more_are_not_taken_for_none() {
    let mut staging = Staging::start().await;
    let (proxy, address) = Proxy::before(&staging.url, client()).await;
    staging.address = address;
    *proxy.trouble.lock().unwrap() = answers(ACCOUNTS, 8, 200, r#"{"users": []}"#);
    let output = finished(staging.run_of("auto-register")).await;
    let said = shown(&output);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("the harness cannot read the server's list of accounts: it is an object"), "{said}");
    *proxy.trouble.lock().unwrap() = Trouble::None;
    let output = finished(staging.command("restore")).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

/// Plays a scenario against the reference server.
async fn play(steps: &str) -> CaseReport {
    let text = format!(
        "format = 1\ntitle = \"t\"\nproblem = \"Fails\"\nseverity = \"low\"\n\
         requirement = [\"OIDC Core §2\"]\nwhy = \"w\"\n[users.alice]\n{steps}"
    );
    let scenario = Scenario::parse("s", Source { path: "s.toml".into(), text }).unwrap();
    let options = WorkerOptions {
        idp_listen: ([127, 0, 0, 1], 0).into(),
        idp_url: None,
        authority: None,
        seed: 1,
        client: client(),
        browser_client: client(),
        with_pages: false,
    };
    Worker::with_reference(options, &NEWEST, &[]).await.unwrap().test(&scenario, &scenario.cases()[0], None).await
}

const NONCE: &str = "the overlay of `id-token` cannot remove `nonce`: the client sent no `nonce`";

#[rstest]
#[case::bears_it("expect.outcome = \"signed-in\"")]
#[case::must_not_bear_it("expect.outcome = \"refused\"")]
#[case::sends_what_it_must("expect.provider-saw.authorization.scope.absent = false")]
#[tokio::test]
async fn what_the_server_does_not_send_is_not_exercised(#[case] expect: &str) {
    let report =
        play(&format!("[[steps]]\noverlay.id-token.remove = [\"nonce\"]\nsign-in.as = \"alice\"\n{expect}\n")).await;
    assert_eq!(report.result.outcome, Outcome::NotExercised, "{report:?}");
    assert_eq!(report.result.reason.as_deref(), Some(NONCE));
    assert_eq!((report.result.fault, report.diagnostics.len()), (None, 0));
}

#[tokio::test]
async fn what_the_server_must_send_is_a_failure() {
    let expect = "expect.provider-saw.authorization.nonce.absent = false";
    let report =
        play(&format!("[[steps]]\noverlay.id-token.remove = [\"nonce\"]\nsign-in.as = \"alice\"\n{expect}\n")).await;
    assert_eq!((report.result.outcome, report.diagnostics.len()), (Outcome::Failed, 1), "{report:?}");
}

#[tokio::test]
async fn what_the_provider_never_sends_is_a_mistake_of_the_scenario() {
    let report = play("[[steps]]\noverlay.id-token.remove = [\"zebra\"]\nsign-in.as = \"alice\"\n").await;
    assert_eq!((report.result.outcome, report.result.fault), (Outcome::Error, Some(Fault::Harness)), "{report:?}");
}

#[tokio::test]
async fn an_address_that_the_harness_cannot_send_is_no_fault_of_the_server() {
    let report = play(
        "[provider]\nquirks.many-groups = 2000\n[[steps]]\nid = \"in\"\nsign-in.as = \"alice\"\n[[steps]]\n\
         logout.follow = true\nexpect.sessions.in = \"ended\"\n",
    )
    .await;
    assert_eq!((report.result.outcome, report.result.fault), (Outcome::Error, Some(Fault::Harness)), "{report:?}");
    let reason = report.result.reason.unwrap();
    assert!(reason.starts_with("the harness cannot send GET http://127.0.0.1:"), "{reason}");
    assert!(reason.ends_with(" bytes, but the limit is 65534"), "{reason}");
}
