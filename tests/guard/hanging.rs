//! A server that gives no answer any more ends the run, and not only the test.

use std::sync::Arc;
use std::time::Duration;

use harness::guard::{Consents, Server, StepFault};
use harness::immich::{Access, TargetError};
use harness::runner::{Ended, Run, RunError, TargetChoice, WorkerOptions};
use harness::scenario::{Catalogue, Filter};
use rstest::rstest;

use super::{FILTER, staging, trouble};
use crate::golden;
use crate::proxy::Trouble;
use crate::server::{is_alive, shown, signal};

/// A run whose requests may take so long.
fn library_run(staging: &crate::server::Staging, patience: Duration) -> (Run, Catalogue) {
    let client = || {
        let redirect = reqwest::redirect::Policy::none();
        reqwest::Client::builder().redirect(redirect).no_proxy().timeout(patience).build().unwrap()
    };
    let run = Run {
        target: TargetChoice::Server(Server {
            url: staging.address.clone(),
            key: staging.key(),
            dialect: Arc::default(),
            access: Access::Api,
            replicas: 1,
            journal: staging.journal(),
            consents: Consents { replace_oauth_settings: true, ..Consents::default() },
        }),
        options: WorkerOptions {
            idp_listen: "127.0.0.1:0".parse().unwrap(),
            idp_url: None,
            authority: None,
            seed: 1,
            client: client(),
            browser_client: client(),
            with_pages: false,
        },
        baseline: None,
        find_baseline: false,
        strict: false,
        // A busy machine takes longer for a sign-in than `patience`.
        continue_anyway: true,
        jobs: None,
        fail_fast: false,
        keeps_steps: true,
        wait: false,
    };
    let mut catalogue = Catalogue::embedded();
    catalogue.retain(&Filter::text("auto-register"));
    (run, catalogue)
}

/// At a call of settings, at one of accounts, and in a control, each so late that
/// something was judged: a run begins with four tests at a time.
#[rstest]
#[case("PUT /api/admin/config", 4)]
#[case("GET /api/admin/users", 14)]
#[case("POST /api/oauth/callback", 14)]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_judged_is_reported_when_the_server_hangs(#[case] request: &str, #[case] time: usize) {
    let (staging, proxy) = staging().await;
    let (run, catalogue) = library_run(&staging, Duration::from_secs(30));
    run.play(catalogue, |_| {}).await.unwrap();
    let requests = proxy.seen.lock().unwrap().clone();
    let (at, _) = requests.iter().enumerate().filter(|(_, one)| *one == request).nth(time).unwrap();
    trouble(&proxy, Trouble::Hang(at + 1));
    let (run, catalogue) = library_run(&staging, Duration::from_millis(700));
    let Ended { report, fault, .. } = run.play(catalogue, |_| {}).await.unwrap();
    assert!(
        matches!(&fault, Some(RunError::Fault(StepFault::Target(TargetError::TimedOut(_))))),
        "{fault:?} after {request}"
    );
    assert!(report.unplayed > 0 && !report.results.is_empty(), "{}", report.unplayed);
    assert_eq!(report.exit_code, 3);
    trouble(&proxy, Trouble::None);
    drop(run);
    let output = crate::server::finished(staging.command("restore")).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

/// A second interrupt does not wait for a server that hangs.
#[rstest]
#[case(&[])]
#[case(&["--preflight-only"])]
#[tokio::test(flavor = "multi_thread")]
async fn interrupted_twice_it_ends_at_once(#[case] flags: &[&str]) {
    let (staging, proxy) = staging().await;
    let output = crate::server::finished(staging.run_of(FILTER)).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    let requests = proxy.seen.lock().unwrap().clone();
    let first = requests.iter().position(|request| request == "PUT /api/admin/config").unwrap();
    trouble(&proxy, Trouble::Hang(first + 2));
    let mut child = staging.run_of(FILTER).args(flags).spawn().unwrap();
    while proxy.seen.lock().unwrap().len() < first + 2 {
        is_alive(&mut child);
        tokio::task::yield_now().await;
    }
    signal(&child, "-INT");
    // It asks for the settings, to put them back.
    while proxy.seen.lock().unwrap().len() < first + 3 {
        is_alive(&mut child);
        tokio::task::yield_now().await;
    }
    signal(&child, "-INT");
    let output = tokio::task::spawn_blocking(|| child.wait_with_output().unwrap()).await.unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    golden::compare("interrupted-twice", &staging, &shown(&output));
    trouble(&proxy, Trouble::None);
    let output = crate::server::finished(staging.command("restore")).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}
