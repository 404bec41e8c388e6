//! Over several servers that are the same.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use harness::scenario::{Catalogue, Filter};
use serde_json::{Value, json};

use super::{report, reporting};
use crate::environment;
use crate::golden;
use crate::proxy::Proxy;
use crate::server::{Staging, client, finished, shown, signal};

#[tokio::test(flavor = "multi_thread")]
async fn tests_are_spread_over_several_targets() {
    let (one, two) = (Staging::start().await, Staging::start().await);
    let mut command = environment::harness(one.folder.path());
    command.args(["run", "--baseline", "none", "--replace-oauth-settings", "--filter", "id-token/"]);
    let mut proxies = Vec::new();
    for staging in [&one, &two] {
        let (proxy, address) = Proxy::before(&staging.url, client()).await;
        command.args(["--target", &address, "--api-key-file"]).arg(staging.folder.path().join("key"));
        command.arg("--journal").arg(staging.journal());
        proxies.push((proxy, address));
    }
    let output = finished(reporting(command, &one)).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    for (proxy, _) in &proxies {
        let requests = proxy.seen.lock().unwrap().clone();
        assert!(requests.iter().any(|request| request == "POST /api/oauth/callback"), "one of them has nothing to do");
    }
    let text = std::fs::read_to_string(one.folder.path().join("report.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let urls: Vec<_> = document["targets"].as_array().unwrap().iter().map(|target| target["url"].clone()).collect();
    assert_eq!(urls, [json!(proxies[0].1), json!(proxies[1].1)]);
    assert_eq!(document["target"]["url"], urls[0]);
    let mut tests: Vec<_> =
        report(&one, "report.json").results.iter().map(harness::report::CaseReport::test_name).collect();
    tests.dedup();
    let mut catalogue = Catalogue::embedded();
    catalogue.retain(&Filter::text("id-token/"));
    assert_eq!(tests.len(), catalogue.tests());
    one.is_as_it_was().await;
    two.is_as_it_was().await;
}

/// One of them cannot be judged, so the other is left alone.
#[tokio::test(flavor = "multi_thread")]
async fn one_of_several_is_not_there() {
    let staging = Staging::start().await;
    let mut command = staging.run_of("a");
    let journal = staging.folder.path().join("another.journal");
    command.args(["--target", "http://127.0.0.1:1", "--journal"]).arg(journal);
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    golden::compare("one-of-several", &staging, &shown(&output));
    staging.is_as_it_was().await;
}

/// A stage is set on one of them; the others are not left as they were prepared.
#[tokio::test(flavor = "multi_thread")]
async fn a_stage_is_set_on_one_of_several_targets() {
    let (one, two) = (Staging::start().await, Staging::start().await);
    let mut command = environment::harness(one.folder.path());
    command.args(["explore", "claims/name", "--replace-oauth-settings"]).stdout(Stdio::piped());
    for staging in [&one, &two] {
        command.args(["--target", &staging.url, "--api-key-file"]).arg(staging.folder.path().join("key"));
        command.arg("--journal").arg(staging.journal());
    }
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("Ctrl-C")));
    two.is_as_it_was().await;
    signal(&child, "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    one.is_as_it_was().await;
}
