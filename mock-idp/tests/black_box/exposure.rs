//! Only the run's own user agent can sign in, wherever the provider listens.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use indexmap::IndexMap;
use mock_idp::{Issuer, KeySource, Provider, ProviderOptions, StartError};
use rstest::rstest;
use serde_json::Value;

use crate::provider::{SECRET, options, registration};

const APP: &str = "app.immich:///oauth-callback";

fn listening(listen: &str, keys: KeySource, seed: u64) -> ProviderOptions {
    ProviderOptions { listen: listen.parse().unwrap(), keys, seed, ..options() }
}

async fn provider(keys: KeySource, seed: u64) -> (Provider, Issuer) {
    let listen = if keys == KeySource::Fresh { "0.0.0.0:0" } else { "127.0.0.1:0" };
    let provider = Provider::start(listening(listen, keys, seed)).await.unwrap();
    let issuer = provider.open(registration("/here", &[APP])).unwrap();
    (provider, issuer)
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}

fn base(provider: &Provider) -> String {
    format!("http://127.0.0.1:{}/here", provider.local_addr().port())
}

/// Asks for a code with these headers; the code, if one was given.
async fn code(provider: &Provider, headers: &[(&str, &str)]) -> Result<String, u16> {
    let query = [("client_id", "c"), ("redirect_uri", APP), ("response_type", "code"), ("scope", "openid")];
    let mut request = client().get(format!("{}/authorize", base(provider))).query(&query);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    let location = answer.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let code = location.split("code=").nth(1).map(|rest| rest.split('&').next().unwrap_or_default().to_owned());
    code.ok_or(answer.status().as_u16())
}

async fn token(provider: &Provider, form: &[(&str, &str)]) -> u16 {
    client().post(format!("{}/token", base(provider))).form(form).send().await.unwrap().status().as_u16()
}

#[rstest]
#[case::a_browser_that_came_along(&[])]
#[case::an_end_user_without_the_secret(&[("mock-idp-end-user", "alice")])]
#[case::an_empty_secret(&[("mock-idp-end-user", "alice"), ("mock-idp-secret", "")])]
#[case::a_guess(&[("mock-idp-end-user", "alice"), ("mock-idp-secret", "of-the-ruN")])]
#[case::the_secret_and_more(&[("mock-idp-end-user", "alice"), ("mock-idp-secret", "of-the-run!")])]
#[case::the_secret_as_a_cookie(&[("mock-idp-end-user", "alice"), ("cookie", "mock-idp-secret=of-the-run")])]
#[tokio::test]
async fn only_the_user_agent_of_the_run_gets_a_code(#[case] headers: &[(&str, &str)]) {
    let (provider, _issuer) = provider(KeySource::Fresh, 1).await;
    assert_eq!(code(&provider, headers).await, Err(403));
    assert!(code(&provider, &[("mock-idp-end-user", "alice"), ("mock-idp-secret", SECRET)]).await.is_ok());
}

/// The form for a code, with which all is well.
fn good(code: &str) -> [(&str, &str); 5] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", APP),
        ("client_id", "c"),
        ("client_secret", "s"),
    ]
}

#[tokio::test]
async fn a_code_is_good_for_one_client_one_place_and_once() {
    let (provider, _issuer) = provider(KeySource::Published, 1).await;
    let known = [("mock-idp-end-user", "alice"), ("mock-idp-secret", SECRET)];
    for (name, value, refused) in
        [("code", "guessed", 400), ("redirect_uri", "https://evil.example/", 400), ("client_secret", "guessed", 401)]
    {
        let code = code(&provider, &known).await.unwrap();
        let form = good(&code).map(|(key, right)| (key, if key == name { value } else { right }));
        assert_eq!(token(&provider, &form).await, refused, "{name}");
    }
    let code = code(&provider, &known).await.unwrap();
    assert_eq!(token(&provider, &good(&code)).await, 200);
    assert_eq!(token(&provider, &good(&code)).await, 400, "a code was taken twice");
}

#[tokio::test]
async fn an_access_token_runs_out_when_it_says() {
    let (provider, _issuer) = provider(KeySource::Published, 1).await;
    let code = code(&provider, &[("mock-idp-end-user", "alice"), ("mock-idp-secret", SECRET)]).await.unwrap();
    let answer = client().post(format!("{}/token", base(&provider))).form(&good(&code)).send().await.unwrap();
    let tokens: Value = answer.json().await.unwrap();
    let status = async || {
        let ask = client().get(format!("{}/userinfo", base(&provider)));
        ask.bearer_auth(tokens["access_token"].as_str().unwrap()).send().await.unwrap().status().as_u16()
    };
    provider.clock().advance(tokens["expires_in"].as_i64().unwrap() - 1);
    assert_eq!(status().await, 200);
    provider.clock().advance(1);
    assert_eq!(status().await, 401);
}

/// RFC 6750 §3.1.
#[tokio::test]
async fn only_a_request_with_a_token_gets_an_error_code() {
    let (provider, _issuer) = provider(KeySource::Published, 1).await;
    for (header, challenge) in [
        (None, "Bearer realm=\"userinfo\""),
        (Some("Bearer nobody's"), "Bearer realm=\"userinfo\", error=\"invalid_token\""),
    ] {
        let ask = client().get(format!("{}/userinfo", base(&provider)));
        let ask = header.into_iter().fold(ask, |ask, header| ask.header("authorization", header));
        assert_eq!(ask.send().await.unwrap().headers()["www-authenticate"], challenge);
    }
}

/// The provider issues nothing for an end-user that no longer exists.
#[tokio::test]
async fn a_removed_end_user_is_unknown() {
    let (provider, issuer) = provider(KeySource::Published, 1).await;
    let known = [("mock-idp-end-user", "alice"), ("mock-idp-secret", SECRET)];
    let (first, second) = (code(&provider, &known).await.unwrap(), code(&provider, &known).await.unwrap());
    let answer = client().post(format!("{}/token", base(&provider))).form(&good(&first)).send().await.unwrap();
    let tokens: Value = answer.json().await.unwrap();
    issuer.set_end_users(IndexMap::new());
    assert_eq!(token(&provider, &good(&second)).await, 400);
    let ask = client().get(format!("{}/userinfo", base(&provider)));
    assert_eq!(ask.bearer_auth(tokens["access_token"].as_str().unwrap()).send().await.unwrap().status(), 401);
}

/// Addresses are written down in many places (RFC 6749 §2.3.1).
#[tokio::test]
async fn nothing_in_the_address_gets_tokens() {
    let (provider, _issuer) = provider(KeySource::Published, 1).await;
    let known = [("mock-idp-end-user", "alice"), ("mock-idp-secret", SECRET)];
    for (name, _) in good("") {
        let code = code(&provider, &known).await.unwrap();
        let (address, body): (Vec<_>, Vec<_>) = good(&code).into_iter().partition(|(key, _)| *key == name);
        let ask = client().post(format!("{}/token", base(&provider))).query(&address).form(&body);
        let refused = if name.starts_with("client_") { 401 } else { 400 };
        assert_eq!(ask.send().await.unwrap().status(), refused, "{name}");
    }
}

/// The test keys are public; a target that trusts this provider must not trust
/// them.
#[tokio::test]
async fn fresh_keys_are_not_the_published_ones() {
    let (published, _issuer) = provider(KeySource::Published, 1).await;
    let (fresh, _other) = provider(KeySource::Fresh, 1).await;
    let keys = async |provider: &Provider| {
        let body: Value = client().get(format!("{}/jwks", base(provider))).send().await.unwrap().json().await.unwrap();
        let moduli = body["keys"].as_array().unwrap().iter().filter_map(|key| key["n"].as_str().map(ToOwned::to_owned));
        moduli.collect::<Vec<_>>()
    };
    let (theirs, ours) = (keys(&published).await, keys(&fresh).await);
    assert!(!theirs.is_empty() && !ours.is_empty());
    assert!(ours.iter().all(|key| !theirs.contains(key)));
}

#[rstest]
#[case("0.0.0.0:0")]
#[case("[::]:0")]
#[case("192.0.2.1:0")]
#[tokio::test]
async fn published_keys_are_never_served_to_others(#[case] listen: &str) {
    let refused = Provider::start(listening(listen, KeySource::Published, 1)).await.unwrap_err();
    assert!(matches!(refused, StartError::PublishedKeys(_)), "{refused}");
    assert!(refused.to_string().contains(listen) && refused.to_string().contains("new keys"), "{refused}");
}

#[rstest]
#[case("127.0.0.1:0")]
#[case("127.1.2.3:0")]
#[tokio::test]
async fn published_keys_start_at_once_on_loopback(#[case] listen: &str) {
    assert!(Provider::start(listening(listen, KeySource::Published, 1)).await.is_ok());
}

#[tokio::test]
async fn codes_do_not_repeat_from_seed_to_seed() {
    let known = [("mock-idp-end-user", "alice"), ("mock-idp-secret", SECRET)];
    let (first, _one) = provider(KeySource::Published, 1).await;
    let (second, _two) = provider(KeySource::Published, 2).await;
    assert_ne!(code(&first, &known).await, code(&second, &known).await);
}
