//! The doctor at a server: its public routes, its settings, and a provider that is
//! probed as the server's client.

use std::sync::Arc;

use harness::doctor::{Diagnosis, Probe, Status, diagnose, html_page, look, markdown, schema, terminal_text};
use harness::exit_code::ExitCode;
use harness::http_client::{ProviderClients, of_the_system};
use harness::immich::{ApiKey, Immich, SignInSettings};
use harness::reference::{ReferenceOptions, ReferenceServer};
use mock_idp::by_hand::{Arguments, Service};
use mock_idp::{Clock, MockIdp, Tls};
use rstest::rstest;
use serde_json::{Value, json};

use super::{RANDOM, clients, wrong};
use crate::schemas::Schema;

async fn reference() -> ReferenceServer {
    let clients = ProviderClients::of_the_system(b"").unwrap();
    let options = ReferenceOptions::on_loopback(Arc::new(|| Clock::system().now()), clients);
    ReferenceServer::start(options).await.unwrap()
}

async fn with_oauth(server: &Immich, change: Value) {
    let mut settings = server.settings().await.unwrap();
    for (name, value) in change.as_object().unwrap() {
        settings["oauth"][name] = value.clone();
    }
    server.put_settings(settings).await.unwrap();
}

/// The server and what the doctor says of it, with its key or without.
pub async fn at_server(change: Value, with_key: bool) -> Diagnosis {
    let idp = MockIdp::builder().path("/realms/photos").start().await;
    let running = reference().await;
    let target = |key: &str| Immich::new(of_the_system(b"").unwrap(), running.url(), ApiKey::new(key)).unwrap();
    let client = json!({"enabled": true, "issuerUrl": idp.issuer(), "clientId": "client", "clientSecret": "hush-hush-hush",
                        "allowInsecureRequests": true});
    with_oauth(&target(running.api_key()), client).await;
    with_oauth(&target(running.api_key()), change).await;
    let server = target(if with_key { running.api_key() } else { "" });
    let evidence = look(Some(&server), SignInSettings::default(), &clients(""), Clock::system().now()).await;
    let _ = idp.finish();
    diagnose(&evidence, server.secrets())
}

#[rstest]
#[case(json!({}), false, &[])]
#[case(json!({}), true, &["http"])]
#[case(json!({"enabled": false}), true, &["switched-off", "http"])]
#[case(json!({"mobileOverrideEnabled": true, "mobileRedirectUri": "https://a.test/b?c"}), true, &["http", "override-query"])]
#[case(json!({"issuerUrl": "http://u:hush-hush@127.0.0.1:1"}), true, &["credentials", "server-refuses"])]
#[case(json!({"issuerUrl": "http://127.0.0.1:1"}), true, &["http", "port-closed", "server-refuses"])]
#[tokio::test]
async fn a_server_is_looked_at(#[case] change: Value, #[case] with_key: bool, #[case] expected: &[&str]) {
    let found = at_server(change, with_key).await;
    let causes: Vec<_> = wrong(&found).iter().map(|check| check.cause.as_str()).collect();
    assert_eq!(causes, expected, "{}", terminal_text(&found));
    assert!(found.issuer.is_some());
    let json = serde_json::to_value(&found).unwrap();
    assert_eq!(Schema::new(schema()).problems(&json), "");
    for text in [json.to_string(), markdown(&found), html_page(&found), terminal_text(&found)] {
        assert!(!text.contains("hush-hush"), "{text}");
    }
}

/// A provider as a person meets it, whose pages people sign in at.
async fn by_hand(profile: &str, redirect_uris: Vec<String>) -> Service {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let arguments = Arguments {
        listen: "127.0.0.1:0".parse().unwrap(),
        profile: given(profile),
        issuer_path: None,
        public_url: None,
        tls: Tls::None,
        ca: None,
        quirks: Vec::new(),
        users: None,
        settings: None,
        client_id: "client".to_owned(),
        client_secret: given("secret"),
        redirect_uris,
        secret: None,
        seed: None,
    };
    arguments.serve(Clock::system(), || Err(String::new()), |_| None).await.unwrap()
}

const BASIC: &str = "client_secret_basic";
const WEB: &[&str] = &["/auth/login", "/user-settings"];

#[rstest]
#[case("", &[], json!({}), &[])]
#[case("authelia", &[], json!({}), &["method-refused"])]
#[case("authelia", &[], json!({"tokenEndpointAuthMethod": BASIC}), &[])]
#[case("", &[], json!({"clientSecret": "another-secret"}), &["secret-refused"])]
#[case("", WEB, json!({}), &["not-registered"])]
#[case("", &[], json!({"clientId": "another-client"}), &["client-unknown"])]
#[tokio::test]
async fn a_probe_names_what_a_look_does_not(
    #[case] profile: &str,
    #[case] registered: &[&str],
    #[case] change: Value,
    #[case] expected: &[&str],
) {
    let running = reference().await;
    let registered = registered.iter().map(|path| format!("{}{path}", running.url())).collect();
    let idp = by_hand(profile, registered).await;
    let server = Immich::new(of_the_system(b"").unwrap(), running.url(), ApiKey::new(running.api_key())).unwrap();
    let client = json!({"enabled": true, "issuerUrl": idp.issuer().url(), "clientId": "client", "clientSecret": "secret",
                        "allowInsecureRequests": true});
    with_oauth(&server, client).await;
    with_oauth(&server, change).await;
    let mut evidence = look(Some(&server), SignInSettings::default(), &clients(""), Clock::system().now()).await;
    let probe = Probe::of(&evidence, RANDOM).unwrap();
    assert_eq!((probe.hosts(), probe.requests()), (vec!["127.0.0.1".to_owned()], 8));
    evidence.probe = Some(probe.send(&clients("")).await);
    let found = diagnose(&evidence, server.secrets());
    let problems = wrong(&found).into_iter().filter(|check| check.status == Status::Problem);
    assert_eq!(problems.map(|check| check.cause.as_str()).collect::<Vec<_>>(), expected, "{}", terminal_text(&found));
    idp.shut_down().await;
}

#[tokio::test]
async fn no_server_there_is_said_in_one_line() {
    let server = Immich::new(of_the_system(b"").unwrap(), "http://127.0.0.1:1", ApiKey::new("")).unwrap();
    let evidence = look(Some(&server), SignInSettings::default(), &clients(""), 0).await;
    let found = diagnose(&evidence, server.secrets());
    assert_eq!((found.checks.len(), found.exit_code()), (1, ExitCode::Unreachable));
    assert!(terminal_text(&found).contains("http://127.0.0.1:1 does not answer: connection refused."));
}
