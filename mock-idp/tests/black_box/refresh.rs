//! Refresh tokens (RFC 6749 §6, OIDC Core §11, §12).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use mock_idp::MockIdp;
use rstest::rstest;
use serde_json::{Map, Value};

const BACK: &str = "http://localhost/callback";

/// The answer of the token endpoint.
pub async fn ask(idp: &MockIdp, form: &[(&str, &str)]) -> (u16, Value) {
    let request = reqwest::Client::builder().no_proxy().build().unwrap().post(format!("{}/token", idp.issuer()));
    let answer = request.basic_auth(idp.client_id(), Some(idp.client_secret())).form(form).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// The code of a sign-in.
pub async fn code(idp: &MockIdp, more: &str) -> String {
    let (issuer, id) = (idp.issuer(), idp.client_id());
    let request = format!("{issuer}/authorize?response_type=code&client_id={id}&redirect_uri={BACK}&{more}");
    let callback = idp.sign_in(&request, &idp.user("alice").claim("email", "alice@example.org")).await.unwrap();
    callback.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned()
}

async fn redeem(idp: &MockIdp, code: &str) -> (u16, Value) {
    ask(idp, &[("grant_type", "authorization_code"), ("code", code), ("redirect_uri", BACK)]).await
}

async fn refresh(idp: &MockIdp, tokens: &Value, more: &[(&str, &str)]) -> (u16, Value) {
    let token = tokens["refresh_token"].as_str().unwrap();
    ask(idp, &[&[("grant_type", "refresh_token"), ("refresh_token", token)], more].concat()).await
}

async fn userinfo(idp: &MockIdp, tokens: &Value) -> u16 {
    let request = reqwest::Client::builder().no_proxy().build().unwrap().get(format!("{}/userinfo", idp.issuer()));
    request.bearer_auth(tokens["access_token"].as_str().unwrap()).send().await.unwrap().status().as_u16()
}

fn claims(tokens: &Value) -> Map<String, Value> {
    let payload = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

#[tokio::test]
async fn only_who_asks_for_it_gets_one() {
    let idp = MockIdp::start().await;
    let (_, tokens) = redeem(&idp, &code(&idp, "scope=openid").await).await;
    assert!(tokens.get("refresh_token").is_none());
}

/// OIDC Core §12.2.
#[tokio::test]
async fn new_tokens_are_about_the_same_sign_in() {
    let idp = MockIdp::start().await;
    let code = code(&idp, "scope=openid+offline_access&nonce=n&max_age=60").await;
    let (_, first) = redeem(&idp, &code).await;
    idp.clock().advance(100);
    let (status, second) = refresh(&idp, &first, &[]).await;
    assert_eq!(status, 200, "{second}");
    let (before, after) = (claims(&first), claims(&second));
    for claim in ["iss", "sub", "aud", "sid", "auth_time"] {
        assert_eq!(before[claim], after[claim], "{claim}");
    }
    assert!(before["iat"].as_i64() < after["iat"].as_i64());
    assert!(before.contains_key("nonce") && !after.contains_key("nonce"));
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(userinfo(&idp, &second).await, 200);
}

/// RFC 9700 §4.14.2.
#[tokio::test]
async fn one_that_comes_twice_ends_all_that_followed() {
    let idp = MockIdp::start().await;
    let (_, first) = redeem(&idp, &code(&idp, "scope=openid+offline_access").await).await;
    let (_, second) = refresh(&idp, &first, &[]).await;
    assert_eq!(userinfo(&idp, &second).await, 200);
    let (status, refused) = refresh(&idp, &first, &[]).await;
    assert_eq!((status, refused["error"].as_str()), (400, Some("invalid_grant")));
    assert_eq!(userinfo(&idp, &second).await, 401);
    assert_eq!(refresh(&idp, &second, &[]).await.0, 400);
}

/// RFC 6749 §6.
#[rstest]
#[case::fewer("openid", 200, Some("openid"))]
#[case::more("openid phone", 400, None)]
#[tokio::test]
async fn scopes_can_only_shrink(#[case] scope: &str, #[case] status: u16, #[case] granted: Option<&str>) {
    let idp = MockIdp::start().await;
    let (_, first) = redeem(&idp, &code(&idp, "scope=openid+email+offline_access").await).await;
    let (found, second) = refresh(&idp, &first, &[("scope", scope)]).await;
    assert_eq!((found, second["scope"].as_str()), (status, granted), "{second}");
    if status == 200 {
        // What was granted stays granted.
        let (_, third) = refresh(&idp, &second, &[]).await;
        assert_eq!(third["scope"], "openid email offline_access");
    } else {
        assert_eq!(second["error"], "invalid_scope");
    }
}

#[rstest]
#[case(&[("grant_type", "refresh_token")], "invalid_request")]
#[case(&[("grant_type", "refresh_token"), ("refresh_token", "x")], "invalid_grant")]
#[case(&[("grant_type", "urn:ietf:params:oauth:grant-type:device_code")], "unsupported_grant_type")]
#[case(&[("grant_type", "client_credentials")], "unsupported_grant_type")]
#[tokio::test]
async fn what_cannot_be_redeemed_is_refused(#[case] form: &[(&str, &str)], #[case] error: &str) {
    let idp = MockIdp::start().await;
    let (status, refused) = ask(&idp, form).await;
    assert_eq!((status, refused["error"].as_str()), (400, Some(error)));
}
