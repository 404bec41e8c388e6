//! Several issuers at one path: each request reaches the journal of the guest
//! who signs in.

use mock_idp::{Deviations, EndUser, Endpoint, Guest, OpenError, Provider, ProviderSettings, Registration};
use reqwest::Client;
use serde_json::{Map, Value, json};

use crate::provider::{SECRET, options, registration};

const APP: &str = "https://rp.example/callback";

async fn provider() -> Provider {
    Provider::start(options()).await.unwrap()
}

/// A guest whose Alice has this subject, and whose ID tokens have this quirk.
fn guest(provider: &Provider, name: &str, quirk: &str) -> Guest {
    let quirks: Map<String, Value> = std::iter::once((quirk.to_owned(), json!(true))).collect();
    let mut registration = registration("/here", &[&format!("{APP}/{name}")]);
    registration.deviations = Deviations::parse(&quirks, &Map::new()).unwrap();
    registration.end_users.insert("alice".into(), EndUser { sub: name.into(), claims: Map::new() });
    provider.receive(registration, name).unwrap()
}

fn at(provider: &Provider, path: &str) -> String {
    format!("http://{}/here/{path}", provider.local_addr())
}

/// Sends Alice's user agent of this guest. Returns the code.
async fn authorize(client: &Client, provider: &Provider, guest: &Guest, name: &str) -> String {
    let redirect_uri = format!("{APP}/{name}");
    let query = [("client_id", "c"), ("redirect_uri", &redirect_uri), ("response_type", "code"), ("scope", "openid")];
    let (header, value) = guest.header();
    let request = client.get(at(provider, "authorize")).query(&query).header(header, value);
    let answer = request.header("mock-idp-secret", SECRET).header("mock-idp-end-user", "alice").send().await.unwrap();
    let location = answer.headers()["location"].to_str().unwrap();
    location.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned()
}

/// Redeems a code. Returns the token response.
async fn redeem(client: &Client, provider: &Provider, code: &str, name: &str) -> Value {
    let redirect_uri = format!("{APP}/{name}");
    let form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &redirect_uri)];
    let form: Vec<_> = form.into_iter().chain([("client_id", "c"), ("client_secret", "s")]).collect();
    let answer = client.post(at(provider, "token")).form(&form).send().await.unwrap();
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

fn client() -> Client {
    Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}

fn endpoints(guest: &Guest) -> Vec<Endpoint> {
    guest.issuer().journal().entries().iter().map(|entry| entry.endpoint).collect()
}

#[tokio::test]
async fn each_request_is_noted_with_the_guest_who_signs_in() {
    let (provider, client) = (provider().await, client());
    let guests = [("one", "wrong-audience"), ("two", "unsigned")];
    let guests = guests.map(|(name, quirk)| (name, quirk, guest(&provider, name, quirk)));
    let mut codes = Vec::new();
    for (name, _, guest) in &guests {
        client.get(at(&provider, ".well-known/openid-configuration")).send().await.unwrap();
        codes.push(authorize(&client, &provider, guest, name).await);
    }
    let mut tokens = Vec::new();
    for ((name, ..), code) in guests.iter().zip(&codes) {
        tokens.push(redeem(&client, &provider, code, name).await);
    }
    for ((name, ..), token) in guests.iter().zip(&tokens) {
        let token = token["access_token"].as_str().unwrap();
        let answer = client.get(at(&provider, "userinfo")).bearer_auth(token).send().await.unwrap();
        let user: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        assert_eq!(user["sub"], json!(name));
    }
    for (name, quirk, guest) in &guests {
        assert_eq!(endpoints(guest), [Endpoint::Authorization, Endpoint::Token, Endpoint::UserInfo], "{name}");
        assert_eq!(guest.issuer().journal().entries()[1].altered_by, [*quirk]);
        assert_eq!(guest.unattributed(), 0);
    }
}

/// It may be a request of any of them.
#[tokio::test]
async fn what_no_guest_owns_is_noted_with_none_and_counted_for_all() {
    let (provider, client) = (provider().await, client());
    let first = guest(&provider, "one", "unsigned");
    redeem(&client, &provider, "unknown", "one").await;
    let second = guest(&provider, "two", "unsigned");
    assert_eq!((first.unattributed(), second.unattributed()), (1, 0));
    client.get(at(&provider, "picture")).send().await.unwrap();
    client.get(at(&provider, "userinfo")).bearer_auth("unknown").send().await.unwrap();
    client.get(at(&provider, "authorize")).send().await.unwrap();
    client.get(at(&provider, "elsewhere")).send().await.unwrap();
    assert_eq!((first.unattributed(), second.unattributed()), (5, 4));
    assert_eq!((endpoints(&first), endpoints(&second)), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn the_path_is_free_when_the_last_guest_leaves() {
    let provider = provider().await;
    let (first, second) = (guest(&provider, "one", "unsigned"), guest(&provider, "two", "unsigned"));
    provider.close(first.issuer());
    assert!(matches!(provider.open(registration("/here", &[APP])), Err(OpenError::Taken(_))));
    provider.close(second.issuer());
    provider.open(registration("/here", &[APP])).unwrap();
}

#[tokio::test]
async fn guests_publish_the_same() {
    let provider = provider().await;
    let _first = guest(&provider, "one", "unsigned");
    let settings = json!({"session-ids": false});
    let settings = ProviderSettings::default().with(settings.as_object().unwrap()).unwrap();
    let other = Registration { settings, ..registration("/here", &[APP]) };
    assert!(matches!(provider.receive(other, "two"), Err(OpenError::Taken(_))));
}
