//! A run was killed and its journal is lost: what it left is not taken for
//! the server's own.

use harness::immich::NewAccount;
use rstest::rstest;

use super::killed_in_the_middle;
use crate::golden;
use crate::server::{Staging, finished, shown};

#[rstest]
#[case::no_journal(None)]
#[case::a_damaged_one(Some("{\"oidc-harness-journal\":2,\"key\":\"a"))]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_run_left_is_known_without_its_journal(#[case] journal: Option<&str>) {
    let mut staging = Staging::start().await;
    killed_in_the_middle(&staging).await;
    std::fs::remove_file(staging.journal()).unwrap();
    // Whatever the server had in hand to delete, there is an account of the run.
    let target = staging.target();
    let mark = target.settings().await.unwrap()["oauth"]["clientId"].as_str().unwrap().to_owned();
    let email = format!("last-{mark}-99999@harness.test");
    target.create_account(&NewAccount { email, password: "a password".into(), name: "Last".into() }).await.unwrap();
    let state = staging.state().await;
    if let Some(journal) = journal {
        std::fs::write(staging.journal(), journal).unwrap();
    }
    let name = if journal.is_some() { "journal-damaged" } else { "leftovers" };
    let mut preflight = staging.run_of("a");
    preflight.arg("--preflight-only");
    for command in [staging.run_of("a"), preflight, staging.command("restore")] {
        let output = finished(command).await;
        assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let said =
            regex_lite::Regex::new(r"\d+ accounts?\b").unwrap().replace_all(&said, "[COUNT] accounts").into_owned();
        golden::compare(name, &staging, &said);
    }
    assert_eq!(staging.state().await, state);
    let mut restore = staging.command("restore");
    restore.arg("--to-defaults");
    let output = finished(restore).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    let words = "the harness set the settings to the server's defaults; accounts deleted: ";
    assert!(shown(&output).starts_with(words), "{}", shown(&output));
    let defaults = staging.target().default_settings().await.unwrap();
    staging.expected(|settings| {
        for section in ["oauth", "passwordLogin"] {
            settings[section] = defaults[section].clone();
        }
    });
    staging.is_as_it_was().await;
}

/// That would lose the settings for ever.
#[tokio::test(flavor = "multi_thread")]
async fn no_defaults_where_a_journal_knows_better() {
    let staging = Staging::start().await;
    killed_in_the_middle(&staging).await;
    let mut restore = staging.command("restore");
    restore.arg("--to-defaults");
    let output = finished(restore).await;
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    golden::compare("journal-readable", &staging, &shown(&output));
    let output = finished(staging.command("restore")).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}
