//! With a key of the administrator's: what it must be allowed.

use rstest::rstest;

use crate::golden;
use crate::server::{Staging, finished, shown};

#[rstest]
#[case("permission-missing", &["--permission", "systemConfig.read", "--permission", "adminUser.read"])]
#[case("permission-to-read-missing", &["--permission", "adminUser.read"])]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_key_lacks_is_named_at_once(#[case] name: &str, #[case] arguments: &[&str]) {
    let staging = Staging::launch(tempfile::tempdir().unwrap(), arguments);
    golden::compare(name, &staging, &shown(&finished(staging.run_of("a")).await));
    assert!(!staging.journal().exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_least_privileged_key_is_enough() {
    let least = ["systemConfig.read", "systemConfig.update", "adminUser.create", "adminUser.read", "adminUser.delete"];
    let arguments: Vec<&str> = least.iter().flat_map(|name| ["--permission", name]).collect();
    let mut staging = Staging::launch(tempfile::tempdir().unwrap(), &arguments);
    staging.used(|_| {}).await;
    let output = finished(staging.run_of("auto-register")).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}
