//! A server in another process is left as it was found, whatever happens to the
//! run: it ends, is interrupted, is killed, breaks down, or others change the
//! settings.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use crate::{environment, golden};
use std::io::{BufRead, BufReader, Read};
use std::process::Child;
use std::sync::Arc;
use std::time::Duration;

use harness::guard::{Consents, Server, StepFault};
use harness::immich::{Access, TargetError};
use harness::report::Report;
use harness::runner::{Ended, Event, Run, RunError, TargetChoice, WorkerOptions};
use harness::scenario::{Catalogue, Filter};
use rstest::rstest;
use serde_json::json;

use crate::server::{Staging, client, is_alive, shown, signal};

/// Starts a run and waits until its journal is there; then it changes things.
fn begin_run(staging: &Staging) -> Child {
    let mut child = staging.run_of("a").spawn().unwrap();
    wait_for_journal(staging, &mut child);
    child
}

fn wait_for_journal(staging: &Staging, child: &mut Child) {
    while std::fs::metadata(staging.journal()).map_or(0, |file| file.len()) == 0 {
        is_alive(child);
        std::thread::yield_now();
    }
}

/// People start it again as they did before; the key that they noted still works.
#[tokio::test]
async fn the_reference_server_takes_the_key_that_it_wrote() {
    let mut first = Staging::launch(tempfile::tempdir().unwrap(), &[]);
    let key = first.key();
    let folder = std::mem::replace(&mut first.folder, tempfile::tempdir().unwrap());
    drop(first);
    let second = Staging::launch(folder, &[]);
    assert_eq!(second.key().secret(), key.secret());
    assert_eq!(second.target().accounts().await.unwrap().len(), 1);
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
    let interrupted = shown(&output).contains("interrupted; the harness restored the server");
    // A fast machine may be done before.
    let code = if interrupted { 130 } else { 0 };
    assert_eq!(output.status.code(), Some(code), "{}", shown(&output));
    staging.is_as_it_was().await;
}

/// What was judged until then is true, and worth the time that it took.
#[tokio::test]
async fn an_interrupted_run_reports_what_it_judged() {
    let staging = Staging::start().await;
    let file = |name: &str| staging.folder.path().join(name);
    let mut command = staging.run_of("a");
    for (kind, name) in [("json", "run.json"), ("junit", "run.xml"), ("html", "run.html")] {
        command.arg("--report").arg(format!("{kind}={}", file(name).display()));
    }
    let mut child = command.args(["--report", "human", "--verbose"]).spawn().unwrap();
    // The first test is judged, and hundreds are left.
    let mut told = BufReader::new(child.stdout.take().unwrap());
    told.read_line(&mut String::new()).unwrap();
    signal(&child, "-INT");
    let mut rest = String::new();
    told.read_to_string(&mut rest).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{rest}{}", shown(&output));
    assert!(shown(&output).ends_with("interrupted; the harness restored the server\n"), "{}", shown(&output));
    staging.is_as_it_was().await;
    let report: Report = serde_json::from_slice(&std::fs::read(file("run.json")).unwrap()).unwrap();
    assert!(report.is_interrupted() && report.unplayed > 0 && !report.results.is_empty());
    assert!(rest.contains(&format!("interrupted; tests not played: {}", report.unplayed)), "{rest}");
    for name in ["run.xml", "run.html"] {
        assert!(std::fs::read_to_string(file(name)).unwrap().contains("interrupted; tests not played: "));
    }
    let json = file("run.json").display().to_string();
    for (arguments, code) in
        [(vec!["report", &json], 0), (vec!["diff", &json, &json], 0), (vec!["report", &json, "--strict"], 130)]
    {
        let output = environment::harness(staging.folder.path()).args(&arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", shown(&output));
    }
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

/// The run reports everything that it restores.
#[rstest]
#[tokio::test]
async fn the_run_after_a_killed_one_says_what_it_restored(
    #[values("--preflight-only", "--filter=settings/")] what: &str,
) {
    let staging = Staging::start().await;
    let (before, mut child) = (staging.state().await.0, begin_run(&staging));
    while staging.state().await.0 == before {
        is_alive(&mut child);
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let mut command = staging.command("run");
    let output = command.args(["--baseline", "none", "--replace-oauth-settings", what]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = said.lines().find(|line| line.starts_with("restored: ")).unwrap_or("nothing").to_owned();
    // How many there were depends on when it was killed.
    let line = regex_lite::Regex::new(r"\d+$").unwrap().replace(&line, "[COUNT]");
    golden::compare("restored", &staging, &format!("{line}\n"));
    staging.is_as_it_was().await;
}

/// The harness neither restores nor removes the journal of another server.
#[tokio::test]
async fn the_journal_of_another_server_is_left_alone() {
    let (staging, other) = (Staging::start().await, Staging::start().await);
    let mut child = begin_run(&staging);
    child.kill().unwrap();
    child.wait().unwrap();
    let mut command = environment::harness(other.folder.path());
    command.args(["restore", "--target", &other.url, "--api-key-file"]).arg(other.folder.path().join("key"));
    command.arg("--sealing-key-file").arg(staging.folder.path().join("key"));
    command.arg("--journal").arg(staging.journal());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    golden::compare("journal-of-another-server", &staging, &shown(&output));
    other.is_as_it_was().await;
    let output = staging.command("restore").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

#[tokio::test]
async fn a_second_run_waits_and_says_for_whom() {
    let staging = Staging::start().await;
    let first = begin_run(&staging);
    let mut second = staging.run_of("auto-register").spawn().unwrap();
    // It has to say so before the first one ends.
    let mut said = String::new();
    BufReader::new(second.stderr.take().unwrap()).read_line(&mut said).unwrap();
    signal(&first, "-INT");
    let process = first.id();
    let ended = first.wait_with_output().unwrap();
    let output = second.wait_with_output().unwrap();
    assert!(matches!(ended.status.code(), Some(0 | 130)), "{}", shown(&ended));
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    said = said.replace(&format!("process {process}"), "process [ID]");
    golden::compare("waiting", &staging, &said);
    staging.is_as_it_was().await;
}

#[tokio::test]
async fn a_second_run_ends_with_no_wait() {
    let staging = Staging::start().await;
    let first = begin_run(&staging);
    let second = staging.run_of("a").arg("--no-wait").output().unwrap();
    assert_eq!(second.status.code(), Some(3));
    let said = shown(&second).replace(&format!("process {}", first.id()), "process [ID]");
    golden::compare("no-wait", &staging, &said);
    // Nor is anything put back under the hands of a run.
    let restore = staging.command("restore").output().unwrap();
    assert_eq!(restore.status.code(), Some(3), "{}", shown(&restore));
    signal(&first, "-INT");
    first.wait_with_output().unwrap();
    staging.is_as_it_was().await;
}

#[tokio::test]
async fn a_waiting_run_can_be_interrupted() {
    let staging = Staging::start().await;
    let first = begin_run(&staging);
    let mut second = staging.run_of("a").spawn().unwrap();
    BufReader::new(second.stderr.take().unwrap()).read_line(&mut String::new()).unwrap();
    signal(&second, "-INT");
    let output = second.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", shown(&output));
    signal(&first, "-INT");
    first.wait_with_output().unwrap();
    staging.is_as_it_was().await;
}

#[tokio::test]
async fn many_runs_at_once_come_one_after_the_other() {
    let staging = Staging::start().await;
    let runs: Vec<Child> = (0..4).map(|_| staging.run_of("auto-register/linked-by-email").spawn().unwrap()).collect();
    for run in runs {
        let output = run.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    }
    staging.is_as_it_was().await;
}

fn library_run(staging: &Staging) -> (Run, Catalogue) {
    let run = Run {
        target: TargetChoice::Server(Server {
            url: staging.url.clone(),
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
        continue_anyway: false,
        jobs: None,
        fail_fast: false,
        keeps_steps: true,
        wait: false,
    };
    let mut catalogue = Catalogue::embedded();
    catalogue.retain(&Filter::text("auto-register"));
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
async fn changes_of_others_are_not_overwritten() {
    let staging = Staging::start().await;
    let (run, catalogue) = library_run(&staging);
    let target = staging.target();
    let administrator = || async {
        let mut settings = target.settings().await.unwrap();
        settings["oauth"]["buttonText"] = json!("Theirs");
        target.put_settings(settings).await.unwrap();
    };
    let mut first = true;
    let played = run.play(catalogue, |event| {
        if matches!(event, Event::Judged(_)) && std::mem::take(&mut first) {
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(administrator()));
        }
    });
    let Ended { report, fault, .. } = played.await.unwrap();
    let Some(RunError::Fault(StepFault::Target(TargetError::ChangedByOthers(keys)))) = &fault else {
        panic!("{fault:?}")
    };
    assert_eq!(report.fault, fault.as_ref().map(ToString::to_string));
    assert_eq!((report.exit_code, report.unplayed), (3, 0));
    assert!(keys.contains(&"oauth.buttonText".to_owned()), "{keys:?}");
    assert_eq!(staging.state().await.0["oauth"]["buttonText"], "Theirs");
    let output = staging.command("restore").arg("--force").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}
