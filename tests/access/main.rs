//! The ways to a server and its settings, each in a file of its own, and what
//! is said where a way is closed. Each message has its golden file.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::process::Command;
use std::time::Duration;

use harness::report::Report;

mod configuration_file;
mod dialect;
mod fixed_settings;
mod permissions;
mod restart_command;
mod tls;
mod variables;

use crate::server::{RESTART, Staging, is_alive};

fn report(staging: &Staging, name: &str) -> Report {
    serde_json::from_str(&std::fs::read_to_string(staging.folder.path().join(name)).unwrap()).unwrap()
}

fn reporting(mut command: Command, staging: &Staging) -> Command {
    command.arg("--report").arg(format!("json={}", staging.folder.path().join("report.json").display()));
    command
}

/// `docs/staging.md` has every message as it is printed, and what to do.
#[test]
fn every_message_is_in_the_document() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = std::fs::read_to_string(here.join("../docs/staging.md")).unwrap();
    let mut said = 0;
    for file in std::fs::read_dir(here.join("../tests/staging/golden")).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let words = ["error: ", "help: ", "waiting: ", "restored: ", "left: "];
        // Diagnostics of scenarios begin alike, and point into the file.
        let lines =
            text.lines().filter(|line| words.iter().any(|word| line.starts_with(word)) && !line.contains(": `"));
        for line in lines {
            said += 1;
            assert!(document.contains(line), "{} has\n{line}", path.display());
        }
    }
    assert!(said > 20, "only {said} messages");
}

/// A run that changes the file of its server.
fn by_file(staging: &Staging, filter: &str) -> Command {
    let mut command = staging.run_of(filter);
    command.arg("--config-file").arg(staging.file.as_ref().unwrap());
    command
}

/// Starts a run, and kills it so long after its journal begins.
async fn killed_after(command: &mut Command, staging: &Staging, milliseconds: u64) {
    let mut child = command.spawn().unwrap();
    while std::fs::metadata(staging.journal()).map_or(0, |file| file.len()) == 0 {
        is_alive(&mut child);
        tokio::task::yield_now().await;
    }
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The command that restarts the server.
fn restart(staging: &Staging) -> String {
    RESTART.replace("[FOLDER]", &staging.folder.path().display().to_string())
}

/// Waits until the server answers: a command of a killed run may still be at
/// work.
async fn returned(staging: &Staging) {
    tokio::time::sleep(Duration::from_millis(500)).await;
    while staging.target().settings().await.is_err() {
        tokio::task::yield_now().await;
    }
}
