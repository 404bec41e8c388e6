//! With a key of the administrator's: what it must be allowed.

use harness::immich::{Access, SettingsRoutes};
use rstest::rstest;

use crate::golden;
use crate::server::{Staging, finished, shown};

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
