//! The ways to a server's settings: in its configuration file, as they are,
//! not at all; several servers at a time; and what the preflight says where
//! a way is closed. Each message has its golden file.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use harness::report::{Outcome, Report};
use harness::scenario::{Catalogue, Filter};
use rstest::rstest;
use serde_json::{Value, json};

#[path = "staging/golden.rs"]
mod golden;
#[path = "staging/proxy.rs"]
#[expect(dead_code, reason = "no trouble is made here")]
mod proxy;
#[path = "staging/server.rs"]
#[expect(dead_code, reason = "nothing is interrupted here")]
mod server;

use proxy::Proxy;
use server::{Staging, client, shown};

const YAML: &str = "# Ours. Do not touch.\noauth:\n  enabled: true\n  issuerUrl: 'https://accounts.example.org'\n  \
                    clientSecret: a secret of theirs\ntrash: {days: 7}\n";
const JSON: &str = "{\"trash\": {\"days\": 7},\n  \"oauth\": {\"autoRegister\": false} }";

async fn finished(mut command: Command) -> Output {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    tokio::task::spawn_blocking(|| child.wait_with_output().unwrap()).await.unwrap()
}

/// A run that changes the file of its server.
fn by_file(staging: &Staging, filter: &str) -> Command {
    let mut command = staging.run_of(filter);
    command.arg("--config-file").arg(staging.file.as_ref().unwrap());
    command
}

fn report(staging: &Staging, name: &str) -> Report {
    serde_json::from_str(&std::fs::read_to_string(staging.folder.path().join(name)).unwrap()).unwrap()
}

fn reporting(mut command: Command, staging: &Staging) -> Command {
    command.arg("--report").arg(format!("json={}", staging.folder.path().join("report.json").display()));
    command
}

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
    let scenario = "title = \"T\"\nrequirement = [\"immich: oauth.timeout\"]\n[server.oauth]\ntimeout = 0\n\
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
    let mut child = by_file(&staging, "a").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while std::fs::metadata(staging.journal()).map_or(0, |file| file.len()) == 0 {
        tokio::task::yield_now().await;
    }
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let output = finished(staging.command("restore")).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_writes_into_the_file_is_not_overwritten() {
    let staging = Staging::reading(YAML).await;
    let file = staging.file.clone().unwrap();
    let mut child = by_file(&staging, "a").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while std::fs::read_to_string(&file).unwrap() == YAML {
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

/// What stands in the way of a file is told before anything is changed.
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

/// A port that was free a moment ago.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

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
#[case::an_issuer_with_a_path("/realms/photos")]
#[case::the_address_of_its_document("/photos/.well-known/openid-configuration")]
#[tokio::test(flavor = "multi_thread")]
async fn with_fixed_settings_what_fits_is_played(#[case] path: &str) {
    let port = free_port();
    let mut staging = fixed(&format!("http://127.0.0.1:{port}{path}")).await;
    let (proxy, address) = Proxy::before(&staging.url, client()).await;
    staging.address = address;
    let mut command = staging.run_of("a");
    command.args(["--fixed-settings", "--idp-listen", &format!("127.0.0.1:{port}")]);
    let output = finished(reporting(command, &staging)).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    let requests = proxy.seen.lock().unwrap().clone();
    assert!(requests.iter().all(|request| request != "PUT /api/system-config"), "{requests:?}");
    let report = report(&staging, "report.json");
    assert!(report.counts.get(Outcome::Passed) > 50, "{:?}", report.counts);
    let reasons = report.results.iter().filter(|result| result.result.outcome == Outcome::Skipped);
    let reasons: Vec<_> = reasons.filter_map(|result| result.result.reason.clone()).collect();
    for reason in [
        "the settings stay as they are, and it needs `oauth.autoRegister` false",
        "the settings stay as they are, and it needs another `oauth.issuerUrl`",
    ] {
        assert!(reasons.iter().any(|one| one == reason), "{reasons:#?}");
    }
    staging.is_as_it_was().await;
}

/// A killed run leaves accounts; the settings were never its own, so nobody's
/// change of them is in the way.
#[tokio::test(flavor = "multi_thread")]
async fn restore_cleans_up_after_fixed_settings() {
    let port = free_port();
    let mut staging = fixed(&format!("http://127.0.0.1:{port}/photos")).await;
    // What it was about to delete when it was killed may be gone.
    while staging.state().await.1.len() == 1 {
        let mut command = staging.run_of("a");
        command.args(["--fixed-settings", "--idp-listen", &format!("127.0.0.1:{port}")]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while staging.state().await.1.len() == 1 {
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

#[tokio::test(flavor = "multi_thread")]
async fn read_only_needs_no_key_and_changes_nothing() {
    let staging = Staging::start().await;
    let (proxy, address) = Proxy::before(&staging.url, client()).await;
    let mut command = Command::new(env!("CARGO_BIN_EXE_oidc-harness"));
    command.args(["run", "--baseline", "none", "--read-only", "--target", &address]).env("HOME", staging.folder.path());
    let output = finished(reporting(command, &staging)).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
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

#[tokio::test(flavor = "multi_thread")]
async fn tests_are_spread_over_several_targets() {
    let (one, two) = (Staging::start().await, Staging::start().await);
    let mut command = Command::new(env!("CARGO_BIN_EXE_oidc-harness"));
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
    catalogue.retain(&Filter { text: Some("id-token/".into()), tag: None });
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

#[rstest]
#[case("tls-unknown-authority", mock_idp::Tls::UnknownCa)]
#[case("tls-expired", mock_idp::Tls::Expired)]
#[case("tls-another-name", mock_idp::Tls::WrongHost)]
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_not_accepted(#[case] name: &str, #[case] tls: mock_idp::Tls) {
    let folder = tempfile::tempdir().unwrap();
    let now = mock_idp::Clock::system().now();
    mock_idp::CertificateAuthority::create(&folder.path().join("ca"), now).unwrap();
    let authority = mock_idp::CertificateAuthority::load(&folder.path().join("ca"), now).unwrap();
    // The provider stands for a server with such a certificate.
    let provider = mock_idp::Provider::start(mock_idp::ProviderOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        public_url: None,
        keys: mock_idp::KeySource::Published,
        clock: mock_idp::Clock::system(),
        seed: 1,
        secret: "secret".to_owned(),
        authority: Some(authority.into()),
    })
    .await
    .unwrap();
    let origin = provider.origin_over(tls).unwrap();
    let staging = Staging::start().await;
    let mut command = Command::new(env!("CARGO_BIN_EXE_oidc-harness"));
    command.args(["run", "--target", origin.as_str(), "--api-key-file"]).arg(staging.folder.path().join("key"));
    command.arg("--ca").arg(folder.path().join("ca/ca.pem"));
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    golden::compare(name, &staging, &shown(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_speak_tls() {
    let staging = Staging::start().await;
    let address = staging.url.replace("http://", "https://");
    let mut command = Command::new(env!("CARGO_BIN_EXE_oidc-harness"));
    command.args(["run", "--target", &address, "--api-key-file"]).arg(staging.folder.path().join("key"));
    golden::compare("tls-none", &staging, &shown(&finished(command).await));
}

/// `docs/staging.md` has every message as it is printed, and what to do.
#[test]
fn every_message_is_in_the_document() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = std::fs::read_to_string(here.join("../docs/staging.md")).unwrap();
    let mut said = 0;
    for file in std::fs::read_dir(here.join("../tests/staging/golden")).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let words = ["error: ", "help: ", "waiting: ", "left: "];
        // Diagnostics of scenarios begin alike, and point into the file.
        let lines =
            text.lines().filter(|line| words.iter().any(|word| line.starts_with(word)) && !line.contains(": `"));
        for line in lines {
            said += 1;
            assert!(document.contains(line), "{} has\n{line}", path.display());
        }
    }
    assert!(said > 20, "only {said} messages");
}
