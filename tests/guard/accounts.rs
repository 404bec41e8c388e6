//! A server that does not delete accounts, or not all at once.

use harness::immich::NewAccount;
use rstest::rstest;

use super::{FILTER, killed_in_the_middle, staging, trouble};
use crate::golden;
use crate::proxy::{Instead, Trouble};
use crate::server::{Staging, finished, shown};

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_fails_stops_no_other() {
    let (staging, proxy) = staging().await;
    trouble(&proxy, Trouble::SomeDeletions);
    let output = finished(staging.run_of("auto-register/linked")).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cannot_delete_accounts_is_found_before_one_is_made() {
    let (staging, proxy) = staging().await;
    trouble(&proxy, Trouble::NoDeletions);
    let output = finished(staging.run_of(FILTER)).await;
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    golden::compare("cannot-delete", &staging, &shown(&output));
    let requests = proxy.seen.lock().unwrap().clone();
    assert!(
        requests.iter().all(|request| !request.starts_with('P') || request.contains("backchannel")),
        "{requests:?}"
    );
    staging.is_as_it_was().await;
}

/// The accounts of a run are not gone because a list lacks them.
#[rstest]
#[case::empty("[]")]
#[case::cut_off(r#"[{"id": "2", "email": "a@b.test", "oauthId": "", "isAdmin": false}]"#)]
#[tokio::test(flavor = "multi_thread")]
async fn a_list_without_the_owner_of_the_key_is_not_whole(#[case] body: &'static str) {
    let (staging, proxy) = staging().await;
    killed_in_the_middle(&staging).await;
    trouble(&proxy, Trouble::Instead(Instead { what: "GET /api/admin/users", from: 1, status: 200, body }));
    let output = finished(staging.command("restore")).await;
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    golden::compare("accounts-missing", &staging, &shown(&output));
    assert!(staging.journal().exists());
    trouble(&proxy, Trouble::None);
    let output = finished(staging.command("restore")).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

/// With consent the run goes on; a killed run then leaves only accounts.
#[tokio::test(flavor = "multi_thread")]
async fn where_accounts_may_stay_they_are_named() {
    let (mut staging, proxy) = staging().await;
    trouble(&proxy, Trouble::NoDeletions);
    let run = |filter: &str| {
        let mut command = staging.run_of(filter);
        command.arg("--leave-accounts");
        command
    };
    let output = finished(run(FILTER)).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    let stays = staging.state().await.1;
    let made = stays.len();
    assert!(made > 1);
    for account in &stays {
        let email = account["email"].as_str().unwrap();
        assert_eq!(email.ends_with("@harness.test"), shown(&output).contains(email), "{}", shown(&output));
    }
    let mut child = run("a").spawn().unwrap();
    while staging.state().await.1.len() < made + 2 {
        super::is_alive(&mut child);
        tokio::task::yield_now().await;
    }
    super::kill(child);
    let output = finished(staging.command("restore")).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    let left: Vec<_> = staging.state().await.1.split_off(made);
    for account in left {
        assert!(shown(&output).contains(account["email"].as_str().unwrap()), "{}", shown(&output));
    }
    assert!(!proxy.seen.lock().unwrap().iter().any(|request| request.starts_with("DELETE ")));
    staging.expected_accounts().await;
    staging.is_as_it_was().await;
}

/// A server that signs every end-user in to an account from before the run: the
/// run leaves no session of it.
#[tokio::test(flavor = "multi_thread")]
async fn no_session_of_another_account_stays_open() {
    let (mut staging, proxy) = staging().await;
    let target = staging.target();
    let (email, password) = ("owner@example.org", "a password of theirs");
    let owner = NewAccount { email: email.into(), password: password.into(), name: "Owner".into() };
    target.create_account(&owner).await.unwrap();
    staging.used(|settings| settings["passwordLogin"]["enabled"] = true.into()).await;
    trouble(&proxy, Trouble::Impersonates(email, password));
    let output = finished(staging.run_of(FILTER)).await;
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    let requests = proxy.seen.lock().unwrap().clone();
    let ended = requests.iter().filter(|request| *request == "POST /api/auth/logout").count();
    assert!(ended > 0, "{requests:?}");
    let tokens = proxy.secrets.lock().unwrap().clone();
    for token in &tokens {
        // What no header can hold is none.
        assert!(!matches!(target.session(token).await, Ok(Some(_))), "{}", shown(&output));
    }
    staging.is_as_it_was().await;
}

/// Neither a 404 nor a 500 proves that a session has ended.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_which_nothing_is_known_has_not_ended(
    #[values("ended-session-not-found", "ended-session-fails")] defect: &str,
) {
    let staging = Staging::with(&[defect]).await;
    let mut command = staging.run_of("logout/twice");
    command.args(["--filter", "logout/by-password", "--report", "human"]);
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    // The progress is on the other stream.
    golden::compare(defect, &staging, &String::from_utf8_lossy(&output.stdout));
    staging.is_as_it_was().await;
}
