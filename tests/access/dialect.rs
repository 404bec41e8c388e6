//! Of a server with another contract than Immich's: the way by a dialect, and
//! the first dialect that a preflight writes.

use std::time::Duration;

use harness::diagnostic::Source;
use harness::dialect_file;
use harness::report::Outcome;

use super::{report, reporting};
use crate::golden;
use crate::other_server;
use crate::server::{Staging, client, finished, shown};

/// The reference server, with a layer in front that speaks otherwise.
async fn other() -> Staging {
    let mut staging = Staging::launch(tempfile::tempdir().unwrap(), &[]);
    staging.used(|_| {}).await;
    staging.address = other_server::start(client(), &staging.url).await;
    staging
}

fn dialect() -> String {
    format!("{}/../tests/dialects/other.toml", env!("CARGO_MANIFEST_DIR"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_and_a_restore_speak_the_dialect() {
    let staging = other().await;
    let mut command = staging.run_of("auto-register");
    command.args(["--dialect", &dialect()]);
    let output = finished(reporting(command, &staging)).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    let report = report(&staging, "report.json");
    assert!(report.counts.get(Outcome::Passed) > 10);
    let exchanges = report.results.iter().flat_map(|test| test.steps.held()).flat_map(|step| &step.exchanges);
    let mut sent = exchanges.filter_map(|one| one.exchange.sent_as.clone());
    assert_eq!(sent.next(), Some(format!("POST {}/api/sign-in/begin", staging.address)));
    staging.is_as_it_was().await;

    // Killed while its settings are in force, so that all is left.
    let mut command = staging.run_of("a");
    let mut killed = command.args(["--dialect", &dialect()]).spawn().unwrap();
    while staging.state().await.1.len() == 1 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    let mut command = staging.command("restore");
    command.args(["--dialect", &dialect()]);
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preflight_writes_a_first_dialect() {
    let staging = other().await;
    let mut command = staging.run_of("a");
    command.arg("--preflight-only");
    let output = finished(command).await;
    golden::compare("other-contract", &staging, &shown(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let text = text.split_once("# A draft").unwrap().1;
    assert!(dialect_file::parse(Source { path: "first.toml".into(), text: format!("# A draft{text}") }).is_ok());
    staging.is_as_it_was().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialect_with_a_mistake_ends_the_run_before_a_request() {
    let staging = other().await;
    let path = staging.folder.path().join("mine.toml");
    std::fs::write(&path, "format = 1\n\n[callback]\nredirect-url = \"redirectUri\"\n").unwrap();
    let mut command = staging.run_of("a");
    command.arg("--dialect").arg(&path);
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(2));
    golden::compare("dialect-with-a-mistake", &staging, &shown(&output));
}
