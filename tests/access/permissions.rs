//! What the administrator's key must be allowed, and what a run does without a
//! key: it only looks.

use harness::immich::{Access, SettingsRoutes};
use harness::report::Outcome;
use rstest::rstest;

use super::{report, reporting};
use crate::proxy::Proxy;
use crate::server::{Staging, client, finished, shown};
use crate::{environment, golden};

#[rstest]
#[case("permission-missing", &["--permission", "adminConfig.read", "--permission", "adminUser.read"])]
#[case("permission-to-read-missing", &["--permission", "adminUser.read"])]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_key_lacks_is_named_at_once(#[case] name: &str, #[case] arguments: &[&str]) {
    let staging = Staging::launch(tempfile::tempdir().unwrap(), arguments);
    golden::compare(name, &staging, &shown(&finished(staging.run_of("a")).await));
    assert!(!staging.journal().exists());
}

#[rstest]
#[case("3.3", SettingsRoutes::NEW)]
// A key from before an update still restores what a run left.
#[case("3.3", SettingsRoutes::OLD)]
#[case("3.1", SettingsRoutes::OLD)]
#[case("2.7", SettingsRoutes::OLD)]
#[tokio::test(flavor = "multi_thread")]
async fn the_least_privileged_key_is_enough(#[case] version: &str, #[case] routes: SettingsRoutes) {
    let least = Access::Api.permissions(routes);
    let mut arguments: Vec<&str> = least.iter().flat_map(|name| ["--permission", name]).collect();
    arguments.extend(["--version", version]);
    let mut staging = Staging::launch(tempfile::tempdir().unwrap(), &arguments);
    staging.used(|_| {}).await;
    let output = finished(staging.run_of("auto-register")).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn read_only_needs_no_key_and_changes_nothing() {
    let staging = Staging::start().await;
    let (proxy, address) = Proxy::before(&staging.url, client()).await;
    let mut command = environment::harness(staging.folder.path());
    command.args(["run", "--baseline", "none", "--read-only", "--target", &address]);
    let output = finished(reporting(command, &staging)).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    // What was skipped is counted by reason.
    golden::compare_in("read_in_a_minute", "read-only", &staging, &shown(&output));
    let requests = proxy.seen.lock().unwrap().clone();
    // The route is asked for with nothing in the hands.
    let harmless = |request: &String| request.starts_with("GET ") || request == "POST /api/oauth/backchannel-logout";
    assert!(requests.iter().all(harmless), "{requests:?}");
    let report = report(&staging, "report.json");
    assert!(report.counts.get(Outcome::Passed) >= 3, "{:?}", report.counts);
    assert_eq!(report.counts.get(Outcome::Passed) + report.counts.get(Outcome::Skipped), report.results.len());
    let left: Vec<_> =
        std::fs::read_dir(staging.folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    staging.is_as_it_was().await;
}
