//! No secret that passes through a run is found in anything that it leaves
//! behind, in whatever encoding: output, reports of every form, journal. Runs
//! fail here and there, and servers say again what they were asked, so that
//! many secrets could leak.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use crate::server;
use std::collections::{BTreeSet, HashMap};
use std::process::Command;
use std::sync::Arc;

use crate::proxy::{Proxy, Trouble};
use crate::server::{Staging, client, finished};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use harness::report::FORMATS;
use harness::scenario::Catalogue;
use rstest::rstest;
use url::form_urlencoded;

/// The ways in which a secret can be left behind.
fn forms(secret: &str) -> BTreeSet<String> {
    let mut forms = BTreeSet::from([secret.to_owned()]);
    forms.insert(form_urlencoded::byte_serialize(secret.as_bytes()).collect());
    forms.insert(secret.bytes().map(|byte| format!("%{byte:02X}")).collect());
    for before in 0..3 {
        let text = [&vec![b'x'; before], secret.as_bytes()].concat();
        let (first, end) = ((before * 8).div_ceil(6), text.len() * 8 / 6);
        forms.insert(BASE64_STANDARD_NO_PAD.encode(&text)[first..end].to_owned());
        forms.insert(BASE64_URL_SAFE_NO_PAD.encode(&text)[first..end].to_owned());
    }
    forms
}

/// What was left behind, by name.
type Artefacts = Vec<(&'static str, Vec<u8>)>;

/// Looks for every form of each secret in all of them.
fn hold_none(artefacts: &Artefacts, secrets: &BTreeSet<String>) {
    // What a scenario file says is no secret, and reports show the files.
    let files: String = Catalogue::embedded().scenarios.iter().map(|scenario| scenario.source.text.clone()).collect();
    let secrets = secrets.iter().filter(|secret| secret.len() >= 8 && !files.contains(secret.as_str()));
    let mut wanted: HashMap<[u8; 8], Vec<(String, &String)>> = HashMap::new();
    for secret in secrets {
        for form in forms(secret) {
            let beginning = *form.as_bytes().first_chunk().unwrap();
            wanted.entry(beginning).or_default().push((form, secret));
        }
    }
    assert!(!wanted.is_empty());
    for (name, bytes) in artefacts {
        assert!(!bytes.is_empty(), "{name} is empty");
        for start in 0..bytes.len().saturating_sub(7) {
            let beginning: &[u8; 8] = bytes[start..].first_chunk().unwrap();
            for (form, secret) in wanted.get(beginning).into_iter().flatten() {
                let around =
                    || String::from_utf8_lossy(&bytes[start.saturating_sub(200)..bytes.len().min(start + 200)]);
                assert!(!bytes[start..].starts_with(form.as_bytes()), "{name} holds {secret} as {form}: {}", around());
            }
        }
    }
}

/// A server behind a proxy, and a run of it that writes every report.
async fn staging(defects: &[&str], filter: &str) -> (Staging, Arc<Proxy>, Command) {
    let mut staging = Staging::with(defects).await;
    let (proxy, address) = Proxy::before(&staging.url, client()).await;
    staging.address = address;
    let mut command = staging.run_of(filter);
    command.args(["--verbose", "--report", "human"]);
    for format in FORMATS {
        command.arg("--report").arg(format!("{}={}", format.name, staging.folder.path().join(format.name).display()));
    }
    // To files: no process reads a pipe during the run.
    let to = |name: &str| std::fs::File::create(staging.folder.path().join(name)).unwrap();
    command.stdout(to("out")).stderr(to("err"));
    (staging, proxy, command)
}

/// Everything that a run wrote.
fn written(staging: &Staging) -> Artefacts {
    let names = ["out", "err"].into_iter().chain(FORMATS.iter().map(|format| format.name));
    let read = |name: &'static str| Some((name, std::fs::read(staging.folder.path().join(name)).ok()?));
    names.filter_map(read).filter(|(_, bytes)| !bytes.is_empty()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_left_behind_holds_a_secret() {
    let (staging, proxy, mut command) = staging(&["audience-ignored", "callback-while-disabled"], "").await;
    let journal = staging.journal();
    let mut child = command.spawn().unwrap();
    let mut artefacts = Vec::new();
    while child.try_wait().unwrap().is_none() {
        if artefacts.is_empty() {
            // Read while it is there.
            artefacts
                .extend(std::fs::read(&journal).ok().filter(|text| !text.is_empty()).map(|text| ("journal", text)));
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    artefacts.extend(written(&staging));
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let names: Vec<&str> = artefacts.iter().map(|(name, _)| *name).collect();
    assert!(artefacts.len() >= 3 + FORMATS.len() - 1, "{names:?}");
    let secrets = proxy.secrets.lock().unwrap().clone();
    assert!(secrets.len() > 20 && secrets.contains("a secret of theirs"), "only {} secrets came by", secrets.len());
    hold_none(&artefacts, &secrets);
    // The whole catalogue was played.
    staging.is_as_it_was().await;
}

/// An answer that says again what it was asked is what debugging servers and
/// proxies give.
#[rstest]
#[case::an_account("POST /api/admin/users", "logout/by-password")]
#[case::a_password("POST /api/auth/login", "logout/by-password")]
#[case::the_settings("PUT /api/admin/config", "id-token/expired")]
#[case::the_list_of_accounts("GET /api/admin/users", "id-token/expired")]
#[case::a_callback("POST /api/oauth/callback", "id-token/expired")]
#[case::an_authorization("POST /api/oauth/authorize", "id-token/expired")]
#[case::a_look_at_the_settings("GET /api/admin/config", "settings/admin-config")]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_says_again_has_its_secrets_labelled(#[case] echoed: &'static str, #[case] filter: &str) {
    let (staging, proxy, command) = staging(&[], filter).await;
    *proxy.trouble.lock().unwrap() = Trouble::Echo(echoed);
    let mut command = command;
    let mut child = command.spawn().unwrap();
    let code = tokio::task::spawn_blocking(move || child.wait().unwrap().code()).await.unwrap();
    let mut artefacts = written(&staging);
    let restored = finished(staging.command("restore")).await;
    artefacts.push(("restore", [restored.stdout, restored.stderr, b"\n".to_vec()].concat()));
    let secrets = proxy.secrets.lock().unwrap().clone();
    hold_none(&artefacts, &secrets);
    let all: Vec<u8> = artefacts.into_iter().flat_map(|(_, bytes)| bytes).collect();
    let all = String::from_utf8_lossy(&all);
    assert!(all.contains("said again"), "{code:?}: nothing came of it: {all}");
}

/// A server with settings that stay, and a secret of its own for the provider
/// at `port`.
async fn with_own_secret(port: u16) -> Staging {
    let mut staging = Staging::launch(tempfile::tempdir().unwrap(), &[]);
    staging
        .used(|settings| {
            settings["oauth"]["enabled"] = true.into();
            settings["oauth"]["issuerUrl"] = format!("http://127.0.0.1:{port}/photos").into();
            settings["oauth"]["clientId"] = "photos".into();
            settings["oauth"]["clientSecret"] = "hush".into();
            settings["oauth"]["allowInsecureRequests"] = true.into();
            settings["oauth"]["tokenEndpointAuthMethod"] = "client_secret_basic".into();
        })
        .await;
    staging
}

/// What is shown of a sign-in against it, with `more` in the scenario file.
async fn sign_in_with_own_secret(staging: &Staging, port: u16, more: &str) -> String {
    let scenario = staging.folder.path().join("own.toml");
    let head = "format = 1\ntitle = \"T\"\nproblem = \"Fails\"\nseverity = \"low\"\n\
                requirement = [\"RFC 6749 §2.3.1\"]\n[users.alice]\n\
        [server.oauth]\ntokenEndpointAuthMethod = \"client_secret_basic\"\n[[steps]]\nsign-in.as = \"alice\"\n";
    std::fs::write(&scenario, format!("{head}{more}")).unwrap();
    let mut command = staging.run_of("");
    command.arg("--fixed-settings").args(["--idp-listen", &format!("127.0.0.1:{port}")]).arg(&scenario);
    server::shown(&finished(command).await)
}

/// Where the settings stay, the client's secret is the server's own; it may be
/// short, and travel in Basic credentials.
#[tokio::test(flavor = "multi_thread")]
async fn an_expectation_that_finds_the_servers_own_secret_does_not_show_it() {
    let port = server::free_port(std::net::Ipv4Addr::LOCALHOST);
    let staging = with_own_secret(port).await;
    let expect = "expect.provider-saw.token.headers.authorization.is = \"{client_secret}\"\n";
    let shown = sign_in_with_own_secret(&staging, port, expect).await;
    let expected = "found \"Basic photos:[the server's client secret]\"";
    assert!(shown.contains(expected), "{shown}");
    assert!(!shown.contains("hush") && !shown.contains("Omh1c2"), "{shown}");
}

#[rstest]
#[case::another_address("[provider]\ndiscovery.set.token_endpoint = \"THIEF\"\n", "with `discovery`")]
#[case::a_redirect("quirks.token-redirect = \"THIEF\"\n", "with `quirks.token-redirect`")]
#[tokio::test(flavor = "multi_thread")]
async fn the_servers_own_secret_goes_to_the_provider_alone(#[case] more: &str, #[case] by: &str) {
    let thief = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/steal", thief.local_addr().unwrap());
    let knocked = tokio::spawn(async move { thief.accept().await.map(drop) });
    let port = server::free_port(std::net::Ipv4Addr::LOCALHOST);
    let staging = with_own_secret(port).await;
    let shown = sign_in_with_own_secret(&staging, port, &more.replace("THIEF", &address)).await;
    assert!(!knocked.is_finished(), "the secret went there: {shown}");
    let flowing = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flowing.contains("1 skipped") && flowing.contains(by), "{shown}");
}
