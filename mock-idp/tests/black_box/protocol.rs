//! What an honest provider answers to requests that are seldom made: what the
//! specifications say, word for word.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use indexmap::IndexMap;
use mock_idp::{Deviations, Issuer, LogoutTokenError, LogoutTokenRequest, Provider, ProviderSettings, Registration};
use reqwest::redirect::Policy;
use rstest::rstest;
use serde_json::{Value, json};

use crate::provider::{SECRET, options, registration};

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

/// The answer of the token endpoint to a code.
async fn redeem(issuer: &Issuer, code: &str, more: &[(&str, &str)]) -> reqwest::Response {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", WEB),
        ("client_id", "c"),
        ("client_secret", "s"),
    ];
    let form = [&form, more].concat();
    client().post(format!("{}/token", issuer.url())).form(&form).send().await.unwrap()
}

async fn tokens(issuer: &Issuer, more: &[(&str, &str)]) -> Value {
    let callback = authorize(issuer, more).await;
    redeem(issuer, &callback["code"], &[]).await.json().await.unwrap()
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

async fn id_token(issuer: &Issuer) -> String {
    tokens(issuer, &[("scope", "openid")]).await["id_token"].as_str().unwrap().to_owned()
}

/// A token of this provider, by another name and for another client.
async fn foreign(provider: &Provider, path: &str, client: &str) -> String {
    let mut other = registration(path, &[WEB]);
    other.client.id = client.into();
    let issuer = provider.open(other).unwrap();
    let query = [("client_id", client), ("redirect_uri", WEB), ("response_type", "code"), ("scope", "openid")];
    let request = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
    let ask = request.get(format!("{}/authorize", issuer.url())).query(&query);
    let answer = ask.header("mock-idp-secret", SECRET).header("mock-idp-end-user", "alice").send().await.unwrap();
    let location = url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    let code = location.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", WEB)];
    let answer = request.post(format!("{}/token", issuer.url())).basic_auth(client, Some("s")).form(&form).send().await;
    let tokens: Value = answer.unwrap().json().await.unwrap();
    provider.close(&issuer);
    tokens["id_token"].as_str().unwrap().to_owned()
}

/// OIDC RP-Initiated Logout §2: the provider must have issued the token by
/// which a client says whose session it means, be it expired or not.
#[tokio::test]
async fn only_own_id_tokens_are_hints() {
    let (provider, issuer) = issuer(json!({})).await;
    let own = id_token(&issuer).await;
    provider.clock().advance(100_000);
    let (signed, signature) = own.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", signature.chars().rev().collect::<String>());
    for (hint, status) in [
        (own.as_str(), 302),
        (&forged, 400),
        (&format!("{signed}."), 400),
        ("none", 400),
        (&foreign(&provider, "/there", "c").await, 400),
        (&foreign(&provider, "/yonder", "another").await, 400),
    ] {
        let query = [("id_token_hint", hint), ("post_logout_redirect_uri", WEB)];
        assert_eq!(end_session(&issuer, &query).await.0, status, "{hint}");
    }
}

/// The same issuer knows its tokens after a start anew, by their signature.
#[tokio::test]
async fn own_id_tokens_are_known_by_their_signature() {
    let provider = Provider::start(options()).await.unwrap();
    let open = || provider.open(registration("/here", &[WEB])).unwrap();
    let first = open();
    let own = id_token(&first).await;
    let other_audience = foreign(&provider, "/there", "c").await;
    provider.close(&first);
    // Another client at the same place.
    let of_another = foreign(&provider, "/here", "another").await;
    let second = open();
    assert_eq!(end_session(&second, &[("id_token_hint", &own)]).await.0, 200);
    assert_eq!(end_session(&second, &[("id_token_hint", &of_another)]).await.0, 400);
    assert_eq!(end_session(&second, &[("id_token_hint", &other_audience)]).await.0, 400);
}

/// What a quirk made of an ID token is the provider's own all the same.
#[rstest]
#[case(json!({"bad-signature": true}))]
#[case(json!({"unsigned": true}))]
#[case(json!({"wrong-issuer": true}))]
#[case(json!({"wrong-audience": true}))]
#[case(json!({"odd-id-token": "junk"}))]
#[tokio::test]
async fn altered_id_tokens_are_own_ones(#[case] quirks: Value) {
    let (_provider, issuer) = issuer(json!({})).await;
    issuer.set_deviations(Deviations::parse(quirks.as_object().unwrap(), &serde_json::Map::new()).unwrap());
    let own = id_token(&issuer).await;
    assert_eq!(end_session(&issuer, &[("id_token_hint", &own)]).await.0, 200, "{own}");
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
async fn a_client_that_asks_gets_the_time_of_the_sign_in(#[case] more: &[(&str, &str)], #[case] expected: Option<i64>) {
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
async fn a_missing_scope_is_not_sent_as_a_scope(#[case] more: &[(&str, &str)], #[case] expected: Option<&str>) {
    let (_provider, issuer) = issuer(json!({})).await;
    let tokens = tokens(&issuer, more).await;
    assert!(tokens["access_token"].is_string(), "{tokens}");
    assert_eq!(tokens.get("scope").and_then(Value::as_str), expected);
}

/// What a request says that no request can say: the error of its specification.
#[rstest]
#[case::scope_with_quotes(&[("scope", "openid \"email\"")], "invalid_scope")]
#[case::scope_with_a_tab(&[("scope", "openid\temail")], "invalid_scope")]
#[case::scope_beyond_ascii(&[("scope", "openid größe")], "invalid_scope")]
#[case::age_in_words(&[("max_age", "soon")], "invalid_request")]
#[case::age_below_zero(&[("max_age", "-1")], "invalid_request")]
#[case::age_with_a_sign(&[("max_age", "+1")], "invalid_request")]
#[case::age_as_a_fraction(&[("max_age", "1.5")], "invalid_request")]
#[case::short_challenge(&[("code_challenge", "short"), ("code_challenge_method", "S256")], "invalid_request")]
#[case::challenge_with_padding(
    &[("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM="), ("code_challenge_method", "S256")],
    "invalid_request"
)]
#[tokio::test]
async fn junk_is_refused(#[case] more: &[(&str, &str)], #[case] error: &str) {
    let (_provider, issuer) = issuer(json!({})).await;
    let callback = authorize(&issuer, &[more, &[("state", "t")]].concat()).await;
    assert_eq!((callback["error"].as_str(), callback["state"].as_str()), (error, "t"));
    assert!(!callback["error_description"].is_empty() && !callback.contains_key("code"));
}

/// RFC 6749 §3.1, §3.2; OIDC RP-Initiated Logout §2.
#[tokio::test]
async fn unknown_parameters_are_ignored() {
    let (_provider, issuer) = issuer(json!({})).await;
    let callback = authorize(&issuer, &[("scope", "openid"), ("resource_", "https://x.test"), ("x", "")]).await;
    let answer = redeem(&issuer, &callback["code"], &[("audience_", "y")]).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(end_session(&issuer, &[("ui_colour", "green")]).await.0, 200);
}

/// RFC 6749 §5.1, §5.2: neither tokens nor errors are kept by those between.
#[tokio::test]
async fn nothing_of_the_token_endpoint_is_kept() {
    let (_provider, issuer) = issuer(json!({})).await;
    let code = authorize(&issuer, &[("scope", "openid")]).await["code"].clone();
    for status in [200, 400] {
        let answer = redeem(&issuer, &code, &[]).await;
        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(answer.headers()["pragma"], "no-cache");
    }
}

/// RFC 6749 §5.2; who says twice who it is must say the same.
#[rstest]
#[case("c", 200)]
#[case("another", 400)]
#[tokio::test]
async fn a_request_is_of_one_client(#[case] in_form: &str, #[case] status: u16) {
    let (_provider, issuer) = issuer(json!({})).await;
    let code = authorize(&issuer, &[("scope", "openid")]).await["code"].clone();
    let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", WEB), ("client_id", in_form)];
    let request = client().post(format!("{}/token", issuer.url())).basic_auth("c", Some("s"));
    let answer = request.form(&form).send().await.unwrap();
    assert_eq!(answer.status(), status);
    let said: Value = answer.json().await.unwrap();
    assert_eq!(said.get("error").and_then(Value::as_str), (status == 400).then_some("invalid_request"));
}

/// RFC 6750 §3.1.
#[rstest]
#[case::granted(json!({}), "openid email", 200)]
#[case::not_asked_for(json!({}), "email", 403)]
#[case::not_granted(json!({"scopes-granted": ["email"]}), "openid email", 403)]
#[case::not_demanded(json!({"userinfo-without-openid": true}), "email", 200)]
#[tokio::test]
async fn userinfo_is_for_openid(#[case] settings: Value, #[case] scope: &str, #[case] status: u16) {
    let (_provider, issuer) = issuer(settings).await;
    let tokens = tokens(&issuer, &[("scope", scope)]).await;
    let ask = client().get(format!("{}/userinfo", issuer.url()));
    let answer = ask.bearer_auth(tokens["access_token"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(answer.status(), status);
    let challenge = answer.headers().get("www-authenticate").map(|value| value.to_str().unwrap());
    let expected = "Bearer realm=\"userinfo\", error=\"insufficient_scope\", scope=\"openid\"";
    assert_eq!(challenge, (status == 403).then_some(expected));
}

/// OIDC Core §3.1.2.6; a provider that advertises them must accept them.
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

/// OIDC Discovery §3: a provider that does not mention them accepts request objects by address.
#[tokio::test]
async fn request_objects_by_address_are_not_offered() {
    let (_provider, issuer) = issuer(json!({})).await;
    let url = format!("{}/.well-known/openid-configuration", issuer.url());
    let document: Value = client().get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(document["request_uri_parameter_supported"], false);
}
