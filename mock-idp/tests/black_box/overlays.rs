//! An overlay that does not find its member says why: the client did not send
//! what brings it, or the provider never sends it.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use mock_idp::{Deviations, Provider, Registration};
use rstest::rstest;
use serde_json::{Map, Value, json};

use crate::provider::{SECRET, options, registration};

const APP: &str = "app.immich:///oauth-callback";

/// Signs Alice in with these parameters and this client secret; the first
/// overlay error, and what the client did not send.
async fn found(overlay: Value, parameters: &[(&str, &str)], secret: &str) -> Option<(String, Option<String>)> {
    let provider = Provider::start(options()).await.unwrap();
    let deviations = Deviations::parse(&Map::new(), overlay.as_object().unwrap()).unwrap();
    let settings = serde_json::from_value(json!({"claims-in": "both"})).unwrap();
    let issuer = provider.open(Registration { deviations, settings, ..registration("/here", &[APP]) }).unwrap();
    let base = format!("http://{}/here", provider.local_addr());
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let query = [&[("client_id", "c"), ("redirect_uri", APP)], parameters].concat();
    let authorize = client.get(format!("{base}/authorize")).query(&query);
    let answer = authorize.header("mock-idp-secret", SECRET).header("mock-idp-end-user", "alice").send().await.unwrap();
    let location = answer.headers().get("location").map_or("", |location| location.to_str().unwrap());
    let code = location.split("code=").nth(1).and_then(|rest| rest.split('&').next()).unwrap_or("none");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", APP),
        ("client_id", "c"),
        ("client_secret", secret),
    ];
    let tokens = client.post(format!("{base}/token")).form(&form).send().await.unwrap().text().await.unwrap();
    let tokens: Value = serde_json::from_str(&tokens).unwrap_or_default();
    let token = tokens["access_token"].as_str().unwrap_or("none");
    client.get(format!("{base}/userinfo")).bearer_auth(token).send().await.unwrap();
    let error = issuer.journal().entries().into_iter().find_map(|entry| entry.overlay_error)?;
    Some((error.to_string(), error.reason().map(ToOwned::to_owned)))
}

#[rstest]
#[case::state(json!({"authorization-response": {"remove": ["state"]}}), "the client sent no `state`")]
#[case::nonce(json!({"id-token": {"remove": ["nonce"]}}), "the client sent no `nonce`")]
#[case::more_of_a_nonce(json!({"id-token": {"append": {"nonce": "x"}}}), "the client sent no `nonce`")]
#[case::max_age(json!({"id-token": {"remove": ["auth_time"]}}), "the client sent no `max_age`")]
#[case::claim(json!({"id-token": {"remove": ["email"]}}), "the client did not request the scope `email`")]
#[case::claim_at_userinfo(json!({"userinfo": {"remove": ["name"]}}), "the client did not request the scope `profile`")]
#[tokio::test]
async fn what_the_client_did_not_send_is_named(#[case] overlay: Value, #[case] unsent: &str) {
    let (text, found) = found(overlay, &[("response_type", "code"), ("scope", "openid")], "s").await.unwrap();
    assert_eq!(found.as_deref(), Some(unsent));
    assert!(text.ends_with(&format!("`: {unsent}")), "{text}");
}

#[rstest]
#[case::no_openid(json!({"token-response": {"remove": ["id_token"]}}), "profile", "the client did not request the scope `openid`")]
#[case::no_offline_access(json!({"token-response": {"remove": ["refresh_token"]}}), "openid", "the client did not request the scope `offline_access`")]
#[case::no_scope(json!({"token-response": {"remove": ["scope"]}}), "", "the client sent no `scope`")]
#[tokio::test]
async fn a_scope_that_was_not_asked_for_is_named(#[case] overlay: Value, #[case] scope: &str, #[case] unsent: &str) {
    let found = found(overlay, &[("response_type", "code"), ("scope", scope)], "s").await.unwrap();
    assert_eq!(found.1.as_deref(), Some(unsent));
}

#[rstest]
#[case::at_authorization(json!({"authorization-response": {"remove": ["code"]}}), "token", "s", "unsupported_response_type")]
#[case::at_token(json!({"token-response": {"remove": ["id_token"]}}), "code", "wrong", "invalid_client")]
#[tokio::test]
async fn what_the_provider_refuses_is_named(
    #[case] overlay: Value,
    #[case] response_type: &str,
    #[case] secret: &str,
    #[case] error: &str,
) {
    let found = found(overlay, &[("response_type", response_type), ("scope", "openid")], secret).await.unwrap();
    assert_eq!(found.1, Some(format!("the provider refused the client's request with `{error}`")));
}

#[rstest]
#[case(json!({"id-token": {"remove": ["zebra"]}}))]
#[case(json!({"id-token-header": {"remove": ["x5c"]}}))]
#[case(json!({"token-response": {"remove": ["issued_token_type"]}}))]
#[case(json!({"userinfo": {"append": {"groups": "x"}}}))]
#[case(json!({"authorization-response": {"remove": ["session_state"]}}))]
#[tokio::test]
async fn what_the_provider_never_sends_is_a_mistake_of_the_overlay(#[case] overlay: Value) {
    let parameters = [("response_type", "code"), ("scope", "openid email profile"), ("state", "s"), ("nonce", "n")];
    assert_eq!(found(overlay, &parameters, "s").await.unwrap().1, None);
}

#[tokio::test]
async fn what_is_there_is_changed() {
    let overlay = json!({"id-token": {"remove": ["nonce"]}, "authorization-response": {"remove": ["state"]}});
    let parameters = [("response_type", "code"), ("scope", "openid"), ("state", "s"), ("nonce", "n")];
    assert_eq!(found(overlay, &parameters, "s").await, None);
}
