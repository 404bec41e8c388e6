//! `oidc-harness explore`.

use harness::immich::Immich;
use serde_json::{Value, json};

use super::process::{Process, run, said};
use crate::server::{Staging, client};

/// The value behind a name in what it prints.
fn value<'a>(text: &'a str, name: &str) -> &'a str {
    let line = text.lines().find(|line| line.starts_with(name)).unwrap();
    line[name.len()..].trim()
}

/// Where the server sends a browser, and what it finds there.
async fn sign_in_page(server: &str) -> String {
    let body = json!({ "redirectUri": format!("{server}/auth/login") });
    let answer = client().post(format!("{server}/api/oauth/authorize")).json(&body).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    let page = client().get(answer["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(page.status(), 200);
    page.text().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stage_is_set_for_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let name = "id-token/wrong-audience::claims-in-id-token";
    let mut process = Process::start(folder.path(), &["explore", name]);
    let text = process.until("Ctrl-C");
    assert!(text.starts_with(&format!("{name}\n")), "{text}");
    assert_eq!(value(&text, "deviations"), "wrong-audience");
    let server = value(&text, "server");
    let page = client().get(format!("{server}/auth/login")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Sign in with OAuth"), "{page}");
    let page = sign_in_page(server).await;
    assert!(page.contains("alice"), "{page}");
    let inspector = client().get(value(&text, "inspector")).send().await.unwrap();
    assert_eq!(inspector.status(), 200);
    assert!(inspector.text().await.unwrap().contains("/authorize"), "the request that was made is shown");
    let (rest, code) = process.interrupt();
    assert_eq!(code, Some(0), "{rest}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_in_use_is_left_as_it_was() {
    let staging = Staging::start().await;
    let folder = staging.folder.path();
    let key = folder.join("key");
    let journal = folder.join("journal");
    let arguments = [
        "explore",
        "auto-register/off-unknown",
        "--control",
        "--target",
        &staging.url,
        "--api-key-file",
        key.to_str().unwrap(),
        "--journal",
        journal.to_str().unwrap(),
        "--replace-oauth-settings",
    ];
    let mut process = Process::start(folder, &arguments);
    let text = process.until("Ctrl-C");
    let target: Immich = staging.target();
    let settings = target.settings().await.unwrap();
    assert_eq!(settings["oauth"]["issuerUrl"], value(&text, "issuer URL"), "{text}");
    assert_eq!(settings["oauth"]["autoRegister"], true, "the control's settings: {text}");
    assert!(!text.contains("API key"), "the key is theirs: {text}");
    assert!(sign_in_page(&staging.url).await.contains("stranger"));
    let (rest, code) = process.interrupt();
    assert_eq!(code, Some(0), "{rest}");
    assert!(rest.contains("the harness restored the settings"), "{rest}");
    staging.is_as_it_was().await;
}

#[test]
fn what_is_not_there_cannot_be_explored() {
    let folder = tempfile::tempdir().unwrap();
    for (name, words) in [
        ("id-token/wrong-audence", "did you mean `id-token/wrong-audience`?"),
        ("id-token/wrong-audience::nope", "its cases are claims-in-userinfo, claims-in-id-token"),
        ("claims/name::nope", "unknown case `nope` of claims/name"),
    ] {
        let output = run(folder.path(), &["explore", name]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(words), "{}", said(&output));
    }
    let output = run(folder.path(), &["explore", "callback/answer", "--control"]);
    assert!(said(&output).contains("callback/answer has no control"), "{}", said(&output));
}
