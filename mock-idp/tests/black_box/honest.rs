//! What an honest provider does beyond the usual sign-in: prompts, response
//! modes, hints, cross-origin requests, clients with keys.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use mock_idp::{Clock, MockIdp, Url};
use rstest::rstest;
use serde_json::{Value, json};

use crate::refresh::{ask, code};

const BACK: &str = "http://localhost/callback";

fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

async fn authorize(idp: &MockIdp, user: &str, more: &str) -> Url {
    let (issuer, id) = (idp.issuer(), idp.client_id());
    let request =
        format!("{issuer}/authorize?response_type=code&scope=openid&client_id={id}&redirect_uri={BACK}&{more}");
    idp.sign_in(&request, &idp.user(user)).await.unwrap()
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
}

async fn id_token(idp: &MockIdp, more: &str) -> String {
    let code = code(idp, &format!("scope=openid&{more}")).await;
    let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", BACK)];
    ask(idp, &form).await.1["id_token"].as_str().unwrap().to_owned()
}

/// OIDC Core §3.1.2.1.
#[rstest]
#[case("prompt=login", None)]
#[case("prompt=consent+login", None)]
#[case("prompt=select_account", None)]
#[case("prompt=none+login", Some("invalid_request"))]
#[case("prompt=whatever", Some("invalid_request"))]
#[case("response_mode=query", None)]
#[case("response_mode=fragment", Some("invalid_request"))]
#[case("response_mode=jwt", Some("invalid_request"))]
#[case("registration=%7B%7D", Some("registration_not_supported"))]
#[case("request=x", Some("request_not_supported"))]
#[case("request_uri=urn:ietf:params:oauth:request_uri:x", Some("request_uri_not_supported"))]
#[case("id_token_hint=x", Some("invalid_request"))]
// OIDC Core §5.5: ignored where it is not supported.
#[case("claims=%7B%7D", None)]
#[tokio::test]
async fn wishes_are_fulfilled_or_refused(#[case] more: &str, #[case] error: Option<&str>) {
    let idp = MockIdp::start().await;
    let callback = authorize(&idp, "alice", more).await;
    assert_eq!(parameter(&callback, "error").as_deref(), error);
    assert_eq!(parameter(&callback, "code").is_some(), error.is_none());
}

/// OIDC Core §3.1.2.1, §3.1.2.6: the provider shows no page, so that only an end-user
/// with a session gets in.
#[tokio::test]
async fn without_a_prompt_a_session_is_needed() {
    let clock = Clock::frozen(1_800_000_000);
    let idp = MockIdp::builder().clock(clock.clone()).start().await;
    let refused = authorize(&idp, "alice", "prompt=none").await;
    assert_eq!(parameter(&refused, "error").as_deref(), Some("login_required"));
    authorize(&idp, "alice", "").await;
    clock.advance(100);
    let claims = |token: String| mock_idp::DecodedToken::all_of(&[], &token)[0].claims.clone().unwrap();
    let silent = claims(id_token(&idp, "prompt=none&max_age=100").await);
    assert_eq!(silent["auth_time"], 1_800_000_000);
    let late = authorize(&idp, "alice", "prompt=none&max_age=99").await;
    assert_eq!(parameter(&late, "error").as_deref(), Some("login_required"));
    // Who may be asked signs in again.
    assert_eq!(claims(id_token(&idp, "max_age=99").await)["auth_time"], 1_800_000_100);
    let another = authorize(&idp, "bob", "prompt=none").await;
    assert_eq!(parameter(&another, "error").as_deref(), Some("login_required"));
}

#[rstest]
#[case("alice", None)]
#[case("bob", Some("login_required"))]
#[tokio::test]
async fn a_hint_is_about_who_signs_in(#[case] user: &str, #[case] error: Option<&str>) {
    let idp = MockIdp::start().await;
    let hint = id_token(&idp, "").await;
    let callback = authorize(&idp, user, &format!("id_token_hint={hint}")).await;
    assert_eq!(parameter(&callback, "error").as_deref(), error);
}

/// OAuth 2.0 Form Post Response Mode §2; errors, too.
#[tokio::test]
async fn responses_come_by_form() {
    let idp = MockIdp::start().await;
    let (issuer, id) = (idp.issuer(), idp.client_id());
    let request =
        format!("{issuer}/authorize?response_type=code&client_id={id}&redirect_uri={BACK}&response_mode=form_post");
    let alice = idp.user("alice");
    let (url, fields) = idp.sign_in_by_form(format!("{request}&state=%22%3C%26amp%3B"), &alice).await.unwrap();
    assert_eq!(url.as_str(), BACK);
    assert_eq!(fields.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["code", "state", "iss"]);
    assert_eq!(fields[1].1, "\"<&amp;");
    let (_, fields) = idp.sign_in_by_form(format!("{request}&prompt=whatever"), &alice).await.unwrap();
    assert_eq!(fields[0], ("error".to_owned(), "invalid_request".to_owned()));
    let error = idp.sign_in(&request, &alice).await.unwrap_err().to_string();
    assert!(error.contains("sign_in_by_form"), "{error}");
}

/// Fetch §3.2: a script of any origin may ask, and read refusals, too.
#[rstest]
#[case("/.well-known/openid-configuration", Some("GET, HEAD"))]
#[case("/jwks", Some("GET, HEAD"))]
#[case("/token", Some("POST"))]
#[case("/userinfo", Some("GET, HEAD, POST"))]
#[case("/authorize", None)]
#[case("/end-session", None)]
#[tokio::test]
async fn scripts_of_other_origins_ask(#[case] path: &str, #[case] methods: Option<&str>) {
    let idp = MockIdp::start().await;
    let url = format!("{}{path}", idp.issuer());
    let asked = http().request(reqwest::Method::OPTIONS, &url).header("origin", "https://app.example");
    let answer = asked.header("access-control-request-method", "GET").send().await.unwrap();
    let header = |answer: &reqwest::Response, name: &str| {
        answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(answer.status(), if methods.is_some() { 204 } else { 405 });
    assert_eq!(header(&answer, "access-control-allow-methods").as_deref(), methods);
    let answer = http().get(&url).header("origin", "https://app.example").send().await.unwrap();
    assert_eq!(header(&answer, "access-control-allow-origin").as_deref(), methods.map(|_| "*"));
    // Servers see nothing of it.
    let answer = http().get(&url).send().await.unwrap();
    assert_eq!(header(&answer, "access-control-allow-origin"), None);
}

/// The public half of a key in this repository.
async fn key(idp: &MockIdp) -> Value {
    let keys: Value = http().get(format!("{}/jwks", idp.issuer())).send().await.unwrap().json().await.unwrap();
    keys["keys"][0].clone()
}

fn assertion(claims: &Value, key: &str) -> String {
    encode(&Header::new(Algorithm::RS256), claims, &EncodingKey::from_rsa_pem(key.as_bytes()).unwrap()).unwrap()
}

/// OIDC Core §9, RFC 7523 §3.
#[rstest]
#[case::good(json!({}), true, 200)]
#[case::for_the_token_endpoint(json!({"aud": ["{issuer}/token"]}), true, 200)]
#[case::of_another_key(json!({}), false, 401)]
#[case::of_another_client(json!({"iss": "other", "sub": "other"}), true, 401)]
#[case::for_another_provider(json!({"aud": "https://elsewhere.example"}), true, 401)]
#[case::expired(json!({"exp": 1_800_000_000}), true, 401)]
#[case::without_an_id(json!({"jti": ""}), true, 401)]
#[tokio::test]
async fn a_client_proves_who_it_is_by_a_key(#[case] changes: Value, #[case] own: bool, #[case] status: u16) {
    let key = key(&MockIdp::start().await).await;
    let clock = Clock::frozen(1_800_000_000);
    let idp = MockIdp::builder().public_client("app").client_key(key).clock(clock).start().await;
    let mut claims = json!({"iss": "app", "sub": "app", "aud": idp.issuer(), "exp": 1_800_000_060, "jti": "1"});
    claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    let claims: Value = serde_json::from_str(&claims.to_string().replace("{issuer}", idp.issuer())).unwrap();
    let pem = if own { include_str!("../../keys/rsa-0.pem") } else { include_str!("../../keys/rsa-1.pem") };
    let assertion = assertion(&claims, pem);
    let code = code(&idp, "scope=openid").await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", BACK),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", &assertion),
    ];
    let ask = || http().post(format!("{}/token", idp.issuer())).form(&form).send();
    let answer = ask().await.unwrap();
    assert_eq!(answer.status(), status);
    let said: Value = answer.json().await.unwrap();
    assert_eq!(said.get("error").and_then(Value::as_str), (status == 401).then_some("invalid_client"), "{said}");
    // An assertion is good once.
    let again: Value = ask().await.unwrap().json().await.unwrap();
    assert_eq!(again["error"], "invalid_client");
    // And nothing less will do.
    let without = http().post(format!("{}/token", idp.issuer())).form(&[&form[..3], &[("client_id", "app")]].concat());
    assert_eq!(without.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn discovery_promises_what_is_done() {
    let key = key(&MockIdp::start().await).await;
    let idp = MockIdp::builder().client_key(key).start().await;
    let url = format!("{}/.well-known/openid-configuration", idp.issuer());
    let document: Value = http().get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(document["response_modes_supported"], json!(["query", "form_post"]));
    assert_eq!(document["grant_types_supported"], json!(["authorization_code", "refresh_token"]));
    let methods = json!(["client_secret_post", "client_secret_basic", "private_key_jwt"]);
    assert_eq!(document["token_endpoint_auth_methods_supported"], methods);
    let algorithms = document["token_endpoint_auth_signing_alg_values_supported"].as_array().unwrap();
    assert!(algorithms.contains(&json!("RS256")) && !algorithms.contains(&json!("HS256")));
    for absent in ["pushed_authorization_request_endpoint", "introspection_endpoint", "device_authorization_endpoint"] {
        assert!(document.get(absent).is_none(), "{absent}");
    }
}
