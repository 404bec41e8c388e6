//! Others change the settings, or the server is down for a moment, during a
//! restore.

use rstest::rstest;
use serde_json::{Value, json};

use super::{FILTER, killed_in_the_middle, staging, trouble};
use crate::golden;
use crate::proxy::Trouble;
use crate::server::{Staging, finished, shown};

async fn administrator_changes(staging: &Staging) {
    let target = staging.target();
    let mut settings = target.settings().await.unwrap();
    settings["oauth"]["buttonText"] = json!("Theirs");
    target.put_settings(settings).await.unwrap();
}

/// The accounts of the run go all the same.
#[tokio::test(flavor = "multi_thread")]
async fn changes_of_others_after_a_kill_are_overwritten_only_by_force() {
    let staging = Staging::start().await;
    killed_in_the_middle(&staging).await;
    administrator_changes(&staging).await;
    let settings = staging.state().await.0;
    let mut preflight = staging.run_of("a");
    preflight.arg("--preflight-only");
    for command in [staging.command("restore"), preflight, staging.run_of("a")] {
        let output = finished(command).await;
        assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
        let said = shown(&output);
        let said = said.lines().filter(|line| !line.starts_with("left: ")).map(|line| line.to_owned() + "\n");
        golden::compare("changed-by-others", &staging, &said.collect::<String>());
        let (found, accounts) = staging.state().await;
        assert_eq!((found, accounts.len()), (settings.clone(), 1));
    }
    let mut restore = staging.command("restore");
    restore.arg("--force");
    let output = finished(restore).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

/// What the server did then is no answer to what the run asked for. The change
/// is one in the middle, or the last but the one that puts back. How many there
/// are is certain only if each test plays alone. In the middle, and side by side, the
/// settings that are left may be those that a later test was about to send.
#[rstest]
#[case::one_at_a_time("1", 1, "`oidc-harness restore --force --target")]
#[case::in_the_middle("1", 2, "`oidc-harness restore --")]
#[case::side_by_side("8", 2, "`oidc-harness restore --")]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_known_of_what_was_judged_under_settings_that_did_not_stand(
    #[case] jobs: &str,
    #[case] part: usize,
    #[case] help: &str,
) {
    let (staging, proxy) = staging().await;
    let report = staging.folder.path().join("report.json");
    let run = || {
        let mut command = staging.run_of("auto-register");
        command.args(["--jobs", jobs, "--report", &format!("json={}", report.display())]);
        command
    };
    let outcomes = || {
        let report: Value = serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
        let of = |test: &Value| test["result"]["outcome"].as_str().unwrap().to_owned();
        report["results"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(finished(run()).await.status.code(), Some(0));
    let sound = outcomes();
    let changes = proxy.seen.lock().unwrap().iter().filter(|one| *one == "PUT /api/admin/config").count();
    let forgotten = (changes / part).min(changes - 1);
    trouble(&proxy, Trouble::Forgets(forgotten));
    let output = finished(run()).await;
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    let wrong = |(found, sound): &(&String, &String)| found != sound && *found != "error";
    assert_eq!(outcomes().iter().zip(&sound).find(wrong), None, "{}", shown(&output));
    assert!(shown(&output).contains(help), "{}", shown(&output));
    trouble(&proxy, Trouble::None);
    let mut restore = staging.command("restore");
    restore.arg("--force");
    assert_eq!(finished(restore).await.status.code(), Some(0));
    staging.is_as_it_was().await;
}

/// The server was updated before the restore. What it does not have any more
/// must lock neither it nor the journal for ever.
#[rstest]
#[case::takes_it_all_the_same(Trouble::None)]
#[case::does_not_take_it(Trouble::RefusedSetting("oldKey"))]
#[case::has_another_one(Trouble::FurtherSetting("newKey"))]
#[tokio::test(flavor = "multi_thread")]
async fn a_setting_that_an_update_took_away_is_named(#[case] updated: Trouble) {
    let (staging, proxy) = staging().await;
    trouble(&proxy, Trouble::FurtherSetting("oldKey"));
    killed_in_the_middle(&staging).await;
    trouble(&proxy, updated);
    let output = finished(staging.command("restore")).await;
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    let said = shown(&output);
    golden::compare(
        "other-settings",
        &staging,
        &said.replace("oauth.newKey", "oauth.oldKey").replacen("oauth.oldKey, ", "", 1),
    );
    assert!(staging.journal().exists());
    let mut restore = staging.command("restore");
    restore.arg("--force");
    let output = finished(restore).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    let words = "the harness restored the settings, except those that the server no longer has: oauth.oldKey; ";
    assert!(shown(&output).starts_with(words), "{}", shown(&output));
    staging.is_as_it_was().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_dropped_connection_leaves_nothing_changed() {
    let (staging, proxy) = staging().await;
    let output = finished(staging.run_of(FILTER)).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    let requests = proxy.seen.lock().unwrap().clone();
    // The write that puts the settings back, and all that comes after it.
    let last = requests.iter().rposition(|request| request == "PUT /api/admin/config").unwrap();
    for (at, request) in requests.iter().enumerate().skip(last) {
        trouble(&proxy, Trouble::Dropped(at + 1));
        let output = finished(staging.run_of(FILTER)).await;
        assert_eq!(output.status.code(), Some(0), "{request}: {}", shown(&output));
        staging.is_as_it_was().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_file_that_is_gone_is_made_again_by_force() {
    let staging = Staging::reading("oauth: {enabled: false}\n").await;
    let file = staging.file.clone().unwrap();
    let run = || {
        let mut command = staging.run_of("a");
        command.arg("--config-file").arg(&file);
        command
    };
    let mut child = run().spawn().unwrap();
    let before = std::fs::read(&file).unwrap();
    while std::fs::read(&file).unwrap() == before {
        super::is_alive(&mut child);
    }
    super::kill(child);
    std::fs::remove_file(&file).unwrap();
    let output = finished(staging.command("restore")).await;
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    golden::compare("config-file-gone", &staging, &shown(&output));
    let mut restore = staging.command("restore");
    restore.arg("--force");
    let output = finished(restore).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

/// What a server does not show cannot be put back.
#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_secret_is_not_taken_for_one() {
    let (staging, proxy) = staging().await;
    trouble(&proxy, Trouble::HiddenSecret);
    let output = finished(staging.run_of(FILTER)).await;
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    golden::compare("hidden-secret", &staging, &shown(&output));
    staging.is_as_it_was().await;
}
