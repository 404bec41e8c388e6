//! By the file of a server that reads it only when it starts: a command
//! restarts it after each change.

use harness::report::Outcome;
use rstest::rstest;

use super::{by_file, killed_after, report, reporting, restart, returned};
use crate::golden;
use crate::server::{Staging, finished, is_alive, shown};

const YAML: &str = "# Ours. Do not touch.\noauth:\n  enabled: true\n  issuerUrl: 'https://accounts.example.org'\n";

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_changed_and_restored_by_restarts() {
    let staging = Staging::reading_once(YAML).await;
    let mut command = reporting(by_file(&staging, "id-token/wrong-audience"), &staging);
    command.args(["--restart-command", &restart(&staging)]);
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert_eq!(report(&staging, "report.json").counts.get(Outcome::Passed), 2);
    staging.is_as_it_was().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn restore_restarts_the_server_after_a_kill(#[values(0, 200, 400, 800)] milliseconds: u64) {
    let staging = Staging::reading_once(YAML).await;
    killed_after(by_file(&staging, "a").args(["--restart-command", &restart(&staging)]), &staging, milliseconds).await;
    returned(&staging).await;
    let mut command = staging.command("restore");
    command.args(["--restart-command", &restart(&staging)]);
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

/// The harness may also be killed between the file and the restart.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_restored_may_still_need_a_restart() {
    let staging = Staging::reading_once(YAML).await;
    let file = staging.file.clone().unwrap();
    let mut child = by_file(&staging, "a").args(["--restart-command", &restart(&staging)]).spawn().unwrap();
    while staging.target().settings().await.map_or(true, |settings| !settings.to_string().contains("harness-")) {
        is_alive(&mut child);
        tokio::task::yield_now().await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    returned(&staging).await;
    std::fs::write(file, YAML).unwrap();
    let mut command = staging.command("restore");
    command.args(["--restart-command", &restart(&staging)]);
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

#[rstest]
#[case("config-file-read-once", &[])]
#[case("restart-command-fails", &["--restart-command", "exit 3"])]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_restarted(#[case] name: &str, #[case] flags: &[&str]) {
    let staging = Staging::reading_once(YAML).await;
    let mut command = by_file(&staging, "id-token/wrong-audience");
    command.args(flags);
    golden::compare(name, &staging, &shown(&finished(command).await));
}
