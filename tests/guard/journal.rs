//! Where the journal is, by whatever name the server is called and whatever
//! the environment says.

use std::path::Path;
use std::process::{Command, Stdio};

use rstest::rstest;

use super::{kill, killed_in_the_middle};
use crate::environment::{self, bare};
use crate::golden;
use crate::server::{Staging, finished, is_alive, shown};
use crate::skipped::skipped;

fn command(staging: &Staging, name: &str, address: &str) -> Command {
    let mut command = environment::harness(staging.folder.path());
    command.arg(name).args(["--target", address, "--api-key-file"]).arg(staging.folder.path().join("key"));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn journals(state: &Path) -> usize {
    std::fs::read_dir(state.join("oidc-harness")).into_iter().flatten().flatten().count()
}

/// One server has one journal and one lock.
#[rstest]
#[case("HTTP://127.0.0.1:PORT/api/", "http://127.0.0.1:PORT")]
#[case("http://127.0.0.1:PORT", "http://LOCALHOST:PORT")]
#[case("http://localhost:PORT", "http://127.0.0.1:PORT/")]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_the_same_by_another_name(#[case] one: &str, #[case] other: &str) {
    let staging = Staging::start().await;
    let port = staging.url.rsplit(':').next().unwrap();
    let [one, other] = [one, other].map(|name| name.replace("PORT", port));
    let state = staging.folder.path().join("state");
    let mut run = command(&staging, "run", &one);
    run.args(["--replace-oauth-settings", "--filter", "a"]).env("XDG_STATE_HOME", &state);
    let mut child = run.spawn().unwrap();
    while staging.state().await.1.len() == 1 {
        is_alive(&mut child);
        tokio::task::yield_now().await;
    }
    let mut second = command(&staging, "run", &other);
    second.args(["--replace-oauth-settings", "--no-wait"]).env("XDG_STATE_HOME", &state);
    let output = finished(second).await;
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    assert!(shown(&output).contains("is using this server"), "{}", shown(&output));
    kill(child);
    let mut restore = command(&staging, "restore", &other);
    restore.env("XDG_STATE_HOME", &state);
    let output = finished(restore).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert!(shown(&output).contains("the harness restored the settings"), "{}", shown(&output));
    assert_eq!(journals(&state), 0);
    staging.is_as_it_was().await;
}

/// An empty or a relative folder is none, so that every folder that a command
/// is called in has the same journal.
#[rstest]
#[case("")]
#[case("state")]
#[tokio::test(flavor = "multi_thread")]
async fn a_state_folder_that_is_none_says_nothing(#[case] state: &str) {
    let staging = Staging::start().await;
    let [one, other] = ["one", "other"].map(|name| staging.folder.path().join(name));
    for folder in [&one, &other] {
        std::fs::create_dir(folder).unwrap();
    }
    let mut run = command(&staging, "run", &staging.url);
    run.args(["--replace-oauth-settings", "--filter", "a"]).env("XDG_STATE_HOME", state).current_dir(&one);
    let mut child = run.spawn().unwrap();
    while staging.state().await.1.len() == 1 {
        is_alive(&mut child);
        tokio::task::yield_now().await;
    }
    kill(child);
    assert_eq!(std::fs::read_dir(&one).unwrap().count(), 0);
    let mut restore = command(&staging, "restore", &staging.url);
    restore.env("XDG_STATE_HOME", state).current_dir(&other);
    let output = finished(restore).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_folder_there_is_no_run() {
    let staging = Staging::start().await;
    for name in ["run", "restore"] {
        let mut command = command(&staging, name, &staging.url);
        command.env("XDG_STATE_HOME", "state").env_remove("HOME");
        let output = finished(command).await;
        assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
        golden::compare("no-place", &staging, &shown(&output));
    }
    staging.is_as_it_was().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_to_restore() {
    let staging = Staging::start().await;
    let output = finished(staging.command("restore")).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    golden::compare("nothing-to-restore", &staging, &shown(&output));
    staging.is_as_it_was().await;
}

/// As where the file alone is mounted into a container. All is done, and what is
/// left to do is said.
#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_cannot_be_removed_does_not_undo_the_restore() {
    let staging = Staging::start().await;
    killed_in_the_middle(&staging).await;
    let restore = staging.command("restore");
    let mut command = bare(Command::new("unshare"), staging.folder.path());
    let script = "mount --bind journal journal && exec \"$@\"";
    command.args(["-r", "-m", "sh", "-c", script, "sh"]).arg(restore.get_program()).args(restore.get_args());
    command.current_dir(staging.folder.path());
    let output = finished(command).await;
    if shown(&output).contains("unshare:") || shown(&output).contains("mount:") {
        skipped("no user may mount a file here");
        return;
    }
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    let said =
        regex_lite::Regex::new(r"deleted: \d+").unwrap().replace(&shown(&output), "deleted: [COUNT]").into_owned();
    golden::compare("journal-stays", &staging, &said);
    std::fs::remove_file(staging.journal()).unwrap();
    staging.is_as_it_was().await;
}
