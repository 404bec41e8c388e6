//! With the settings as they are: what fits them is played, and nothing else.

use std::net::Ipv4Addr;

use harness::report::Outcome;
use rstest::rstest;
use serde_json::json;

use super::{report, reporting};
use crate::golden;
use crate::proxy::Proxy;
use crate::server::{Staging, client, finished, free_port, is_alive, shown};

async fn fixed(issuer: &str) -> Staging {
    let mut staging = Staging::launch(tempfile::tempdir().unwrap(), &[]);
    staging
        .used(|settings| {
            settings["oauth"]["enabled"] = json!(true);
            settings["oauth"]["issuerUrl"] = json!(issuer);
            settings["oauth"]["clientId"] = json!("photos");
            settings["oauth"]["clientSecret"] = json!("a secret of theirs");
            settings["oauth"]["allowInsecureRequests"] = json!(true);
            settings["oauth"]["buttonText"] = json!("Sign in with Example");
        })
        .await;
    staging
}

#[rstest]
#[case::an_issuer_with_a_path("/realms/photos", "a")]
#[case::the_address_of_its_document("/photos/.well-known/openid-configuration", "st")]
#[tokio::test(flavor = "multi_thread")]
async fn with_fixed_settings_what_fits_is_played(#[case] path: &str, #[case] filter: &str) {
    let port = free_port(Ipv4Addr::LOCALHOST);
    let mut staging = fixed(&format!("http://127.0.0.1:{port}{path}")).await;
    let (proxy, address) = Proxy::before(&staging.url, client()).await;
    staging.address = address;
    let mut command = staging.run_of(filter);
    command.args(["--fixed-settings", "--idp-listen", &format!("127.0.0.1:{port}")]);
    let output = finished(reporting(command, &staging)).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    let requests = proxy.seen.lock().unwrap().clone();
    assert!(requests.iter().all(|request| request != "PUT /api/admin/config"), "{requests:?}");
    let report = report(&staging, "report.json");
    assert!(report.counts.get(Outcome::Passed) > 50, "{:?}", report.counts);
    let reasons = report.results.iter().filter(|result| result.result.outcome == Outcome::Skipped);
    let reasons: Vec<_> = reasons.filter_map(|result| result.result.reason.clone()).collect();
    for reason in [
        "it needs `oauth.autoRegister` false, but with --fixed-settings the run changes no settings",
        "it needs another `oauth.issuerUrl`, but with --fixed-settings the run changes none",
    ] {
        assert!(reasons.iter().any(|one| one == reason), "{reasons:#?}");
    }
    staging.is_as_it_was().await;
}

/// A killed run leaves accounts; it never changed the settings, so a change by
/// others does not matter.
#[tokio::test(flavor = "multi_thread")]
async fn restore_cleans_up_after_fixed_settings() {
    let port = free_port(Ipv4Addr::LOCALHOST);
    let mut staging = fixed(&format!("http://127.0.0.1:{port}/photos")).await;
    // What it was about to delete when it was killed may be gone.
    while staging.state().await.1.len() == 1 {
        let mut command = staging.run_of("a");
        command.args(["--fixed-settings", "--idp-listen", &format!("127.0.0.1:{port}")]);
        let mut child = command.spawn().unwrap();
        while staging.state().await.1.len() == 1 {
            is_alive(&mut child);
            tokio::task::yield_now().await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let target = staging.target();
    let mut settings = target.settings().await.unwrap();
    settings["oauth"]["buttonText"] = json!("Theirs");
    target.put_settings(settings).await.unwrap();
    let output = finished(staging.command("restore")).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.used(|settings| settings["oauth"]["buttonText"] = json!("Sign in with Example")).await;
    assert_eq!(staging.state().await.1.len(), 1);
    staging.is_as_it_was().await;
}

#[rstest]
#[case("fixed-settings-elsewhere", "https://accounts.example.org")]
#[case("fixed-settings-off", "")]
#[tokio::test(flavor = "multi_thread")]
async fn fixed_settings_that_cannot_be_judged(#[case] name: &str, #[case] issuer: &str) {
    let mut staging = fixed(issuer).await;
    staging.used(|settings| settings["oauth"]["enabled"] = json!(!issuer.is_empty())).await;
    let mut command = staging.run_of("a");
    command.arg("--fixed-settings");
    golden::compare(name, &staging, &shown(&finished(command).await));
    staging.is_as_it_was().await;
}
