//! A server in another process is left as it was found, whatever happens to
//! the run: it ends, is interrupted, is killed, breaks down, or meets somebody
//! else who changes the settings.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::process::Child;
use std::time::Duration;

use harness::runner::{Run, RunError, TargetChoice, WorkerOptions};
use harness::scenario::{Catalogue, Filter};
use harness::target::{Consents, StepFault, TargetError};
use rstest::rstest;
use serde_json::json;

#[path = "staging/server.rs"]
mod server;

use server::{Staging, client, shown, signal};

/// Starts a run and waits until its journal is there; then it changes things.
fn begin_run(staging: &Staging) -> Child {
    let child = staging.run_of("a").spawn().unwrap();
    while std::fs::metadata(staging.journal()).map_or(0, |file| file.len()) == 0 {
        std::thread::yield_now();
    }
    child
}

#[tokio::test]
async fn a_run_leaves_the_server_as_it_was() {
    let staging = Staging::start().await;
    let output = staging.run_of("a").output().unwrap();
    // The reference server in another process does not share our clock.
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert!(shown(&output).contains(" passed"), "{}", shown(&output));
    staging.is_as_it_was().await;
}

#[rstest]
#[tokio::test]
async fn an_interrupted_run_puts_everything_back(
    #[values("-INT", "-TERM")] name: &str,
    #[values(0, 40, 200, 500)] milliseconds: u64,
) {
    let staging = Staging::start().await;
    let child = begin_run(&staging);
    std::thread::sleep(Duration::from_millis(milliseconds));
    signal(&child, name);
    let output = child.wait_with_output().unwrap();
    let interrupted = shown(&output).contains("interrupted; the target was left as it was");
    // A fast machine may be done before.
    let code = if interrupted { 130 } else { 0 };
    assert_eq!(output.status.code(), Some(code), "{}", shown(&output));
    staging.is_as_it_was().await;
}

#[rstest]
#[tokio::test]
async fn restore_finishes_what_a_killed_run_left(
    #[values(0, 30, 100, 300, 600)] milliseconds: u64,
    #[values("restore", "run")] finisher: &str,
) {
    let staging = Staging::start().await;
    let mut child = begin_run(&staging);
    std::thread::sleep(Duration::from_millis(milliseconds));
    child.kill().unwrap();
    child.wait().unwrap();
    let mut command = staging.command(finisher);
    if finisher == "run" {
        command.args(["--baseline", "none", "--filter", "settings/", "--replace-oauth-settings"]);
    }
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

#[tokio::test]
async fn a_second_run_has_to_wait() {
    let staging = Staging::start().await;
    let first = begin_run(&staging);
    let second = staging.run_of("a").output().unwrap();
    assert_eq!(second.status.code(), Some(3));
    assert!(shown(&second).contains("another run is at work on this server"), "{}", shown(&second));
    signal(&first, "-INT");
    first.wait_with_output().unwrap();
    staging.is_as_it_was().await;
}

fn library_run(staging: &Staging) -> (Run, Catalogue) {
    let run = Run {
        target: TargetChoice::Server {
            url: staging.url.clone(),
            key: staging.key(),
            journal: staging.journal(),
            consents: Consents { replace_oauth_settings: true, production: false },
        },
        options: WorkerOptions {
            idp_listen: "127.0.0.1:0".parse().unwrap(),
            idp_url: None,
            authority: None,
            seed: 1,
            client: client(),
            attended: false,
        },
        baseline: None,
        find_baseline: false,
        strict: false,
        fail_fast: false,
    };
    let mut catalogue = Catalogue::embedded();
    catalogue.retain(&Filter { text: Some("auto-register".into()), tag: None });
    (run, catalogue)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_harness_that_breaks_down_puts_everything_back() {
    let staging = Staging::start().await;
    let (run, catalogue) = library_run(&staging);
    let error = run.play(catalogue, |_| std::panic::panic_any("on purpose")).await.unwrap_err();
    assert!(matches!(&error, RunError::Broke(text) if text == "on purpose"), "{error}");
    staging.is_as_it_was().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_changes_is_not_overwritten() {
    let staging = Staging::start().await;
    let (run, catalogue) = library_run(&staging);
    let target = staging.target();
    let somebody = || async {
        let mut settings = target.settings().await.unwrap();
        settings["oauth"]["buttonText"] = json!("Theirs");
        target.put_settings(settings).await.unwrap();
    };
    let mut first = true;
    let played = run.play(catalogue, |_| {
        if std::mem::take(&mut first) {
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(somebody()));
        }
    });
    let error = played.await.unwrap_err();
    let RunError::Fault(StepFault::Target(TargetError::ChangedByOthers(keys))) = &error else { panic!("{error}") };
    assert!(keys.contains(&"oauth.buttonText".to_owned()), "{keys:?}");
    assert_eq!(staging.state().await.0["oauth"]["buttonText"], "Theirs");
    let output = staging.command("restore").arg("--force").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}
