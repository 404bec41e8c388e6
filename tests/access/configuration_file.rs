//! By the configuration file that the server reads its settings from.

use harness::report::Outcome;
use rstest::rstest;

use super::{by_file, killed_after, report, reporting};
use crate::golden;
use crate::server::{Staging, finished, is_alive, shown};

const YAML: &str = "# Ours. Do not touch.\noauth:\n  enabled: true\n  issuerUrl: 'https://accounts.example.org'\n  \
                    clientSecret: a secret of theirs\ntrash: {days: 7}\n";
const JSON: &str = "{\"trash\": {\"days\": 7},\n  \"oauth\": {\"autoRegister\": false} }";

#[rstest]
#[case::yaml(YAML)]
#[case::json(JSON)]
#[case::empty("")]
#[tokio::test(flavor = "multi_thread")]
async fn settings_are_changed_in_the_file_and_put_back_byte_for_byte(#[case] content: &str) {
    let staging = Staging::reading(content).await;
    let output = finished(reporting(by_file(&staging, "auto-register"), &staging)).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert!(report(&staging, "report.json").counts.get(Outcome::Passed) > 3);
    staging.is_as_it_was().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_the_server_cannot_bear_do_not_stay_in_the_file() {
    let staging = Staging::reading(YAML).await;
    let scenario = "format = 1\ntitle = \"T\"\nproblem = \"Fails\"\nseverity = \"low\"\n\
                    requirement = [\"immich: oauth.timeout\"]\n[server.oauth]\ntimeout = 0\n\
                    [[steps]]\nstart-sign-in = {}\n";
    let path = staging.folder.path().join("refused.toml");
    std::fs::write(&path, scenario).unwrap();
    let mut command = by_file(&staging, "");
    command.arg(path);
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    golden::compare("config-file-refused", &staging, &shown(&output));
    staging.is_as_it_was().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn restore_puts_the_file_back_after_a_kill(#[values(0, 20, 50, 100, 200, 400)] milliseconds: u64) {
    let staging = Staging::reading(YAML).await;
    killed_after(&mut by_file(&staging, "a"), &staging, milliseconds).await;
    let output = finished(staging.command("restore")).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_others_in_the_file_are_not_overwritten() {
    let staging = Staging::reading(YAML).await;
    let file = staging.file.clone().unwrap();
    let mut child = by_file(&staging, "a").spawn().unwrap();
    while std::fs::read_to_string(&file).unwrap() == YAML {
        is_alive(&mut child);
        tokio::task::yield_now().await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let theirs = std::fs::read_to_string(&file).unwrap().replace("\"days\": 7", "\"days\": 8");
    assert!(theirs.contains("\"days\": 8"), "{theirs}");
    std::fs::write(&file, &theirs).unwrap();
    let output = finished(staging.command("restore")).await;
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    golden::compare("config-file-changed", &staging, &shown(&output));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), theirs);
    let mut command = staging.command("restore");
    command.arg("--force");
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

/// The harness reports problems with a file before it changes anything.
#[rstest]
#[case("config-file-needed", &[])]
#[case("config-file-preflight", &["--config-file", "immich.yaml"])]
#[case("config-file-of-another", &["--config-file", "another.yaml"])]
#[case("config-file-missing", &["--config-file", "nowhere.yaml"])]
#[case("config-file-of-prose", &["--config-file", "key"])]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_a_file(#[case] name: &str, #[case] flags: &[&str]) {
    let staging = Staging::reading(YAML).await;
    std::fs::write(staging.folder.path().join("another.yaml"), YAML.replace("accounts", "people")).unwrap();
    let mut command = staging.run_of("auto-register");
    command.arg("--preflight-only").args(flags).current_dir(staging.folder.path());
    golden::compare(name, &staging, &shown(&finished(command).await));
    staging.is_as_it_was().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_a_file() {
    let staging = Staging::start().await;
    let file = staging.folder.path().join("immich.yaml");
    std::fs::write(&file, YAML).unwrap();
    let mut command = staging.run_of("auto-register");
    command.arg("--config-file").arg(&file);
    golden::compare("config-file-unused", &staging, &shown(&finished(command).await));
    staging.is_as_it_was().await;
}
