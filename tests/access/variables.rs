//! By the file of environment variables that a server starts with. A shell reads
//! the file, so that its quotes mean what they mean to another program.

use std::time::Duration;

use harness::report::Outcome;
use rstest::rstest;

use super::{by_file, killed_after, report, reporting, restart, returned};
use crate::golden;
use crate::server::{Staging, finished, is_alive, shown};

const VARIABLES: &str = "# Ours. Do not touch.\nOAUTH_ENABLED=true\nOAUTH_ISSUER_URL=\"https://accounts.example.org\"\n\
                         OAUTH_CLIENT_SECRET='a secret: #1 $HOME'\nDATABASE_PASSWORD='one\ntwo' # theirs\nTRASH_DAYS=7";

fn dialect() -> String {
    format!("{}/../tests/dialects/variables.toml", env!("CARGO_MANIFEST_DIR"))
}

/// A run that changes the variables of its server.
fn by_variables(staging: &Staging, filter: &str) -> std::process::Command {
    let mut command = by_file(staging, filter);
    command.args(["--dialect", &dialect(), "--restart-command", &restart(staging)]);
    command
}

/// `restore` after such a run; the journal knows the variables.
fn restoring(staging: &Staging) -> std::process::Command {
    let mut command = staging.command("restore");
    command.args(["--restart-command", &restart(staging)]);
    command
}

/// Kills a run while the server runs with its settings. The file changes first, then
/// the server starts with it.
async fn killed_with_settings_of_the_run(staging: &Staging) {
    let mut child = by_variables(staging, "a").spawn().unwrap();
    let target = staging.target();
    let is_of_the_run = |settings: serde_json::Value| settings.to_string().contains("\"clientId\":\"oidc-harness-");
    while !target.settings().await.is_ok_and(is_of_the_run) {
        is_alive(&mut child);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    returned(staging).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_are_changed_and_put_back_byte_for_byte() {
    let staging = Staging::starting_with(VARIABLES).await;
    let oauth = staging.state().await.0["oauth"].clone();
    assert_eq!(oauth["clientSecret"], "a secret: #1 $HOME");
    let mut command = reporting(by_variables(&staging, "token-endpoint/odd-secret"), &staging);
    command.args(["--filter", "scopes/verbatim"]);
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert!(report(&staging, "report.json").counts.get(Outcome::Passed) > 3);
    staging.is_as_it_was().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn restore_puts_the_variables_back_after_a_kill(#[values(0, 200, 400, 800)] milliseconds: u64) {
    let staging = Staging::starting_with(VARIABLES).await;
    killed_after(&mut by_variables(&staging, "a"), &staging, milliseconds).await;
    returned(&staging).await;
    let output = finished(restoring(&staging)).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

#[rstest]
#[case::of_the_server("TRASH_DAYS=7", "TRASH_DAYS=8")]
#[case::of_the_run("OAUTH_BUTTON_TEXT=", "OAUTH_BUTTON_TEXT=theirs-")]
#[tokio::test(flavor = "multi_thread")]
async fn variables_that_others_change_are_not_overwritten(#[case] ours: &str, #[case] theirs: &str) {
    let staging = Staging::starting_with(VARIABLES).await;
    let file = staging.file.clone().unwrap();
    killed_with_settings_of_the_run(&staging).await;
    let text = std::fs::read_to_string(&file).unwrap();
    let changed = text.replace(ours, theirs).replace("theirs-'Login with OAuth'", "theirs");
    assert_ne!(text, changed);
    std::fs::write(&file, &changed).unwrap();
    let output = finished(restoring(&staging)).await;
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), changed);
    let mut command = restoring(&staging);
    command.arg("--force");
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

/// The file is as it was, but the server has not read it again.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_has_not_read_its_file_is_not_restored() {
    let staging = Staging::starting_with(VARIABLES).await;
    let file = staging.file.clone().unwrap();
    let before = std::fs::read(&file).unwrap();
    killed_with_settings_of_the_run(&staging).await;
    std::fs::write(&file, &before).unwrap();
    for _ in 0..2 {
        let output = finished(staging.command("restore")).await;
        assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
        assert!(staging.journal().exists());
    }
    let output = finished(restoring(&staging)).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_of_the_file_is_in_no_report() {
    let staging = Staging::starting_with(VARIABLES).await;
    let scenario = "format = 1\ntitle = \"T\"\nproblem = \"Fails\"\nseverity = \"low\"\n\
                    requirement = [\"immich: GET /api/server/features\"]\n[[steps]]\n\
                    request = { path = \"/api/a%20secret:%20%231%20%24HOME\" }\nexpect.response.status = 200\n";
    let path = staging.folder.path().join("leak.toml");
    std::fs::write(&path, scenario).unwrap();
    let mut command = reporting(by_variables(&staging, ""), &staging);
    command.arg(path);
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    let report = std::fs::read_to_string(staging.folder.path().join("report.json")).unwrap();
    assert!(!format!("{report}{}", shown(&output)).contains("#1 $HOME"), "{report}");
    staging.is_as_it_was().await;
}

/// The harness reports problems with the variables before it changes any.
#[rstest]
#[case("variables-unclear", "OAUTH_SCOPE='openid email' # ours\n", "")]
#[case("variables-unclosed", "OTHER='a\n", "")]
#[case("variables-no-assignment", "OAUTH_ENABLED=true\nOAUTH_ENABLED true\n", "")]
#[case("variables-twice", "OAUTH_ENABLED=true\nOAUTH_ENABLED=true\n", "")]
#[case("variables-of-another-kind", "OAUTH_ENABLED=yes\n", "")]
#[case("variables-of-another-file", "OAUTH_ISSUER_URL=https://people.example.org\n", "")]
#[case("variables-unnamed", VARIABLES, "timeout")]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_variables(#[case] name: &str, #[case] text: &str, #[case] unnamed: &str) {
    let staging = Staging::starting_with(VARIABLES).await;
    let folder = staging.folder.path();
    let (file, own) = (folder.join("given.env"), folder.join("own.toml"));
    std::fs::write(&file, text).unwrap();
    let lines = std::fs::read_to_string(dialect()).unwrap();
    let kept = lines.lines().filter(|line| unnamed.is_empty() || !line.starts_with(unnamed));
    std::fs::write(&own, kept.collect::<Vec<_>>().join("\n")).unwrap();
    let mut command = staging.run_of("auto-register");
    command.arg("--config-file").arg(&file).arg("--dialect").arg(&own).arg("--preflight-only");
    command.args(["--restart-command", "exit 3"]);
    golden::compare(name, &staging, &shown(&finished(command).await));
    staging.is_as_it_was().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_checks_of_a_server_with_variables() {
    let staging = Staging::starting_with(VARIABLES).await;
    let mut command = by_variables(&staging, "auto-register");
    command.arg("--preflight-only");
    golden::compare("variables-preflight", &staging, &shown(&finished(command).await));
    staging.is_as_it_was().await;
}

/// A value that some programs would read otherwise is an error of that test.
#[tokio::test(flavor = "multi_thread")]
async fn a_value_without_a_common_spelling_is_not_written() {
    let staging = Staging::starting_with(VARIABLES).await;
    let scenario = "format = 1\ntitle = \"T\"\nproblem = \"Fails\"\nseverity = \"low\"\n\
                    requirement = [\"immich: oauth.prompt\"]\n[server.oauth]\nprompt = \"it's $5\"\n\
                    [[steps]]\nstart-sign-in = {}\n";
    let path = staging.folder.path().join("unwritable.toml");
    std::fs::write(&path, scenario).unwrap();
    let mut command = by_variables(&staging, "");
    command.arg(path);
    golden::compare("variables-without-a-spelling", &staging, &shown(&finished(command).await));
    staging.is_as_it_was().await;
}

#[rstest]
#[case("variables-without-a-restart", "variables.toml", &["--config-file", "photos.env"])]
#[case("variables-without-a-file", "variables.toml", &[])]
#[case("file-and-no-variables", "other.toml", &["--config-file", "photos.env"])]
#[tokio::test(flavor = "multi_thread")]
async fn a_dialect_and_the_way_to_settings_must_fit(#[case] name: &str, #[case] dialect: &str, #[case] flags: &[&str]) {
    let staging = Staging::starting_with(VARIABLES).await;
    let mut command = staging.run_of("auto-register");
    let dialect = format!("{}/../tests/dialects/{dialect}", env!("CARGO_MANIFEST_DIR"));
    command.args(["--dialect", &dialect]).args(flags).current_dir(staging.folder.path());
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(2));
    golden::compare(name, &staging, &shown(&output));
}
