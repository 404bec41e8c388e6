//! What an honest provider answers to requests that are seldom made: what the
//! specifications say, word for word.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

mod provider;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use indexmap::IndexMap;
use mock_idp::{Issuer, LogoutTokenError, LogoutTokenRequest, Provider, ProviderSettings, Registration};
use reqwest::redirect::Policy;
use rstest::rstest;
use serde_json::{Value, json};

use provider::{SECRET, options, registration};

const WEB: &str = "https://photos.example.test/auth/login";

fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().unwrap()
}

async fn issuer(changes: Value) -> (Provider, Issuer) {
    let provider = Provider::start(options()).await.unwrap();
    let settings = ProviderSettings::default().with(changes.as_object().unwrap()).unwrap();
    let issuer = provider.open(Registration { settings, ..registration("/here", &[WEB]) }).unwrap();
    (provider, issuer)
}

/// The parameters with which the user agent is sent back.
async fn authorize(issuer: &Issuer, more: &[(&str, &str)]) -> IndexMap<String, String> {
    let query = [("client_id", "c"), ("redirect_uri", WEB), ("response_type", "code")];
    let request = client().get(format!("{}/authorize", issuer.url())).query(&query).query(more);
    let request = request.header("mock-idp-secret", SECRET).header("mock-idp-end-user", "alice");
    let answer = request.send().await.unwrap();
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    url::Url::parse(&location).unwrap().query_pairs().into_owned().collect()
}

async fn tokens(issuer: &Issuer, more: &[(&str, &str)]) -> Value {
    let callback = authorize(issuer, more).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &callback["code"]),
        ("redirect_uri", WEB),
        ("client_id", "c"),
        ("client_secret", "s"),
    ];
    client().post(format!("{}/token", issuer.url())).form(&form).send().await.unwrap().json().await.unwrap()
}

/// Status, and where the user agent is sent.
async fn end_session(issuer: &Issuer, query: &[(&str, &str)]) -> (u16, Option<String>) {
    let answer = client().get(format!("{}/end-session", issuer.url())).query(query).send().await.unwrap();
    let location = answer.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
    (answer.status().as_u16(), location)
}

/// OIDC RP-Initiated Logout §2, §3.
#[tokio::test]
async fn who_signs_out_comes_back_with_the_state() {
    let (_provider, issuer) = issuer(json!({})).await;
    let back = ("post_logout_redirect_uri", WEB);
    assert_eq!(end_session(&issuer, &[back]).await, (302, Some(WEB.to_owned())));
    let with_state = end_session(&issuer, &[back, ("state", "a&b=c")]).await;
    assert_eq!(with_state, (302, Some(format!("{WEB}?state=a%26b%3Dc"))));
    assert_eq!(end_session(&issuer, &[("state", "a")]).await, (200, None));
    assert_eq!(end_session(&issuer, &[back, ("client_id", "c")]).await.0, 302);
    assert_eq!(end_session(&issuer, &[back, ("client_id", "another")]).await, (400, None));
}

/// What the discovery document does not name is not there.
#[tokio::test]
async fn without_an_end_session_endpoint_there_is_none() {
    let (_provider, issuer) = issuer(json!({"end-session": false})).await;
    assert_eq!(end_session(&issuer, &[]).await, (404, None));
}

#[tokio::test]
async fn a_provider_without_logout_tokens_makes_none() {
    let (_provider, issuer) = issuer(json!({"logout-tokens": "not-supported"})).await;
    let made = issuer.logout_token(LogoutTokenRequest { sub: Some("a".into()), sid: None });
    assert!(matches!(made, Err(LogoutTokenError::NotSupported)), "{made:?}");
}

/// OIDC Core §2.
#[rstest]
#[case::asked(&[("max_age", "60")], Some(1_800_000_000))]
#[case::not_asked(&[], None)]
#[tokio::test]
async fn when_somebody_signed_in_is_told_to_who_asks(#[case] more: &[(&str, &str)], #[case] expected: Option<i64>) {
    let (_provider, issuer) = issuer(json!({})).await;
    let tokens = tokens(&issuer, &[&[("scope", "openid")], more].concat()).await;
    let claims = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    assert_eq!(claims.get("auth_time").and_then(Value::as_i64), expected);
}

/// RFC 6749 §3.3, §5.1.
#[rstest]
#[case::none(&[], None)]
#[case::of_blanks(&[("scope", " ")], None)]
#[case::one(&[("scope", "openid")], Some("openid"))]
#[tokio::test]
async fn no_scope_is_not_told_as_one(#[case] more: &[(&str, &str)], #[case] expected: Option<&str>) {
    let (_provider, issuer) = issuer(json!({})).await;
    let tokens = tokens(&issuer, more).await;
    assert!(tokens["access_token"].is_string(), "{tokens}");
    assert_eq!(tokens.get("scope").and_then(Value::as_str), expected);
}

/// OIDC Core §3.1.2.6; whoever says that it takes them takes them.
#[rstest]
#[case("request", "request_not_supported")]
#[case("request_uri", "request_uri_not_supported")]
#[tokio::test]
async fn request_objects_are_refused(#[case] name: &str, #[case] error: &str) {
    let (_provider, honest) = issuer(json!({})).await;
    assert_eq!(authorize(&honest, &[(name, "x")]).await["error"], error);
    let set = json!({"discovery": {"set": {format!("{name}_parameter_supported"): true}}});
    let (_provider, offering) = issuer(set).await;
    assert!(authorize(&offering, &[(name, "x")]).await.contains_key("code"));
}

/// OIDC Discovery §3: who says nothing of it takes request objects by address.
#[tokio::test]
async fn request_objects_by_address_are_not_offered() {
    let (_provider, issuer) = issuer(json!({})).await;
    let url = format!("{}/.well-known/openid-configuration", issuer.url());
    let document: Value = client().get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(document["request_uri_parameter_supported"], false);
}
