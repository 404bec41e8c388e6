//! The control API: who may call it, what it refuses and how, and that its
//! paths and the issuers' do not meet. Its good calls are in the docs, which
//! are tested.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::person::{Browser, client, origin, serve};
use mock_idp::by_hand::Service;
use rstest::rstest;
use serde_json::{Value, json};

async fn call(service: &Service, method: &str, path: &str, body: &str) -> (u16, Value) {
    let request = client().request(method.parse().unwrap(), format!("{}{path}", origin(service)));
    let answer = request.bearer_auth("top-secret").body(body.to_owned()).send().await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON: {text}")))
}

#[rstest]
#[case(None)]
#[case(Some("Bearer guessed"))]
#[case(Some("Bearer "))]
#[case(Some("top-secret"))]
// `me:top-secret`
#[case(Some("Basic bWU6dG9wLXNlY3JldA=="))]
#[tokio::test]
async fn every_call_needs_the_secret(
    #[case] header: Option<&str>,
    #[values(
        ("GET", "users"), ("PUT", "users"), ("GET", "client"), ("PUT", "client"), ("GET", "quirks"),
        ("PUT", "quirks"), ("GET", "settings"), ("PUT", "settings"), ("POST", "clock"), ("POST", "rotate-keys"),
        ("POST", "available"), ("POST", "logout-token"), ("GET", "journal"), ("GET", "nothing"),
        ("DELETE", "users"), ("GET", "")
    )]
    call: (&str, &str),
) {
    let service = serve("").await;
    let url = format!("{}/control/{}", origin(&service), call.1);
    let mut request = client().request(call.0.parse().unwrap(), url).body("{}");
    if let Some(header) = header {
        request = request.header("authorization", header);
    }
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 401);
    assert!(answer.headers()["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
    assert!(answer.json::<Value>().await.unwrap()["error"].as_str().unwrap().contains("secret"));
    assert_eq!(service.issuer().end_users().len(), 4);
}

#[rstest]
#[case("PUT", "users", "{\"a\": 3}", 400, "a table of claims at line 1 column 7")]
#[case("PUT", "users", "", 400, "EOF")]
#[case("PUT", "client", "{}", 400, "missing field `client_id`")]
#[case("PUT", "client", "{\"client_id\": \"a\", \"jwks\": {}}", 400, "unknown field `jwks`")]
#[case("PUT", "quirks", "{\"quirks\": {\"expird\": true}}", 422, "unknown quirk `expird`")]
#[case("PUT", "quirks", "{\"quirks\": {\"expired\": \"soon\"}}", 422, "a whole number")]
#[case("PUT", "quirks", "{\"quirks\": {\"expired\": -5}}", 422, "a whole number, 0 or more")]
#[case("PUT", "quirks", "{\"quirks\": {\"wrong-issuer\": true, \"missing-issuer\": true}}", 422, "both change `iss`")]
#[case("PUT", "quirks", "{\"overlay\": {\"nothing\": {}}}", 422, "unknown message `nothing`")]
#[case("PUT", "quirks", "{\"expired\": true}", 400, "unknown field `expired`, expected `quirks` or `overlay`")]
#[case("PUT", "settings", "{\"pkce\": \"maybe\"}", 400, "unknown variant `maybe`")]
#[case("PUT", "settings", "{\"pckе\": \"required\"}", 400, "unknown field")]
#[case("POST", "clock", "{}", 400, "missing field `advance`")]
#[case("POST", "clock", "{\"advance\": 9223372036854775807}", 422, "between the years")]
#[case("POST", "clock", "{\"advance\": -9223372036854775808}", 422, "between the years")]
#[case("POST", "available", "{\"available\": 1}", 400, "expected a boolean")]
#[case("POST", "logout-token", "{}", 422, "give `as` (the name of an end-user)")]
#[case("POST", "logout-token", "{\"as\": \"nobody\"}", 422, "no end-user `nobody`")]
#[case("POST", "logout-token", "{\"as\": \"bob\", \"to\": \"here\"}", 400, "relative URL")]
#[case(
    "POST",
    "logout-token",
    "{\"as\": \"bob\", \"to\": \"http://127.0.0.1:1/\"}",
    502,
    "could not deliver the logout token"
)]
#[case("GET", "journal?since=x", "", 400, "invalid digit")]
#[case("GET", "nothing", "", 404, "unknown call")]
#[case("GET", "", "", 404, "unknown call")]
#[case("PATCH", "users", "", 405, "this call needs another method")]
#[tokio::test]
async fn refusals_say_what_is_wrong(
    #[case] method: &str,
    #[case] path: &str,
    #[case] body: &str,
    #[case] status: u16,
    #[case] word: &str,
) {
    let service = serve("").await;
    let before = (service.issuer().end_users(), service.issuer().settings(), service.issuer().deviations().names());
    let (found, answer) = call(&service, method, &format!("/control/{path}"), body).await;
    assert_eq!(found, status, "{answer}");
    assert!(answer["error"].as_str().unwrap().contains(word), "{answer}");
    let after = (service.issuer().end_users(), service.issuer().settings(), service.issuer().deviations().names());
    assert_eq!(before, after);
}

/// What is read can be written back, and means the same.
#[rstest]
#[case("users")]
#[case("client")]
#[case("quirks")]
#[case("settings")]
#[tokio::test]
async fn reading_and_writing_are_one_shape(#[case] path: &str) {
    let service = serve("--quirk expired=5 --quirk unsigned").await;
    let path = format!("/control/{path}");
    let (_, before) = call(&service, "GET", &path, "").await;
    let (status, after) = call(&service, "PUT", &path, &before.to_string()).await;
    assert_eq!((status, after), (200, before));
}

/// Returns the answer of the authorization endpoint to a request of `id`.
async fn authorize(service: &Service, id: &str, redirect_uri: &str) -> reqwest::Response {
    let query = [("response_type", "code"), ("client_id", id), ("redirect_uri", redirect_uri), ("scope", "openid")];
    let request = client().get(format!("{}/authorize", origin(service))).query(&query);
    request.header("mock-idp-secret", "top-secret").header("mock-idp-end-user", "alice").send().await.unwrap()
}

async fn code(service: &Service, id: &str, redirect_uri: &str) -> String {
    let answer = authorize(service, id, redirect_uri).await;
    let callback = reqwest::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    callback.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned()
}

/// A code is good for the client that asked for it (RFC 6749 §4.1.3).
#[tokio::test]
async fn another_client_takes_the_place_of_the_first() {
    const BACK: &str = "http://photos.test/back";
    let redeem = async |service: &Service, code: &str, id: &str, secret: &str| -> (u16, Value) {
        let form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", BACK)];
        let request = client().post(format!("{}/token", origin(service))).basic_auth(id, Some(secret)).form(&form);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    };
    let service = serve("").await;
    let first = code(&service, "client", BACK).await;
    let second = json!({"client_id": "photos", "client_secret": "new", "redirect_uris": [BACK]});
    let (status, known) = call(&service, "PUT", "/control/client", &second.to_string()).await;
    assert_eq!((status, &known), (200, &second));

    assert_eq!(redeem(&service, &first, "client", "secret").await.0, 401);
    let (status, refusal) = redeem(&service, &first, "photos", "new").await;
    assert_eq!((status, &refusal["error"]), (400, &json!("invalid_grant")));
    assert_eq!(authorize(&service, "client", BACK).await.status(), 400);
    assert_eq!(authorize(&service, "photos", "http://photos.test/elsewhere").await.status(), 400);

    let code = code(&service, "photos", BACK).await;
    let (status, tokens) = redeem(&service, &code, "photos", "new").await;
    assert_eq!(status, 200);
    let id_token = tokens["id_token"].as_str().unwrap();
    let claims = BASE64_URL_SAFE_NO_PAD.decode(id_token.split('.').nth(1).unwrap()).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&claims).unwrap()["aud"], "photos");
}

#[tokio::test]
async fn others_reach_only_clients_with_redirect_uris() {
    let service = serve("--public-url http://idp.test --redirect-uri http://photos.test/back").await;
    let (status, refusal) = call(&service, "PUT", "/control/client", "{\"client_id\": \"photos\"}").await;
    assert_eq!(status, 422, "{refusal}");
    assert!(refusal["error"].as_str().unwrap().contains("needs registered redirect URIs"), "{refusal}");
    let (_, known) = call(&service, "GET", "/control/client", "").await;
    assert_eq!(known["client_id"], "client");
}

#[tokio::test]
async fn waiting_ends_when_something_happens() {
    let service = serve("").await;
    let (_, nothing) = call(&service, "GET", "/control/journal?since=0&wait=1", "").await;
    assert_eq!(nothing, json!({"next": 0, "forgotten": 0, "entries": []}));
    let since = Instant::now();
    let waiting = call(&service, "GET", "/control/journal?since=0&wait=60000", "");
    let other = async { client().get(format!("{}/jwks", origin(&service))).send().await.unwrap() };
    let ((_, found), _) = tokio::join!(waiting, other);
    assert_eq!((&found["next"], &found["entries"][0]["endpoint"]), (&json!(1), &json!("jwks")));
    assert!(since.elapsed() < Duration::from_secs(60));
}

#[tokio::test]
async fn the_journal_keeps_secrets() {
    let service = serve("--client-secret quite-secret").await;
    let url = format!("{}/token?client_secret=quite-secret", origin(&service));
    let _ = client().post(url).basic_auth("client", Some("quite-secret")).send().await.unwrap();
    let (_, journal) = call(&service, "GET", "/control/journal", "").await;
    let text = journal.to_string();
    assert!(text.contains("(hidden)") && !text.contains("quite-secret") && !text.contains("Y2xpZW50"), "{text}");
}

/// A provider that is down answers no request except for the control API.
#[tokio::test]
async fn the_provider_goes_down_and_comes_back() {
    let service = serve("").await;
    let keys = || client().get(format!("{}/jwks", origin(&service))).send();
    call(&service, "POST", "/control/available", "{\"available\": false}").await;
    assert!(keys().await.is_err() || keys().await.unwrap().text().await.is_err());
    call(&service, "POST", "/control/available", "{\"available\": true}").await;
    assert_eq!(keys().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_logout_token_names_the_latest_session() {
    let service = serve("").await;
    Browser::default().sign_in(&service, "bob").await.response("code").unwrap();
    let sid = service.issuer().sid_of("bob").unwrap();
    let body = json!({"as": "bob", "to": format!("{}/token", origin(&service))}).to_string();
    let (_, answer) = call(&service, "POST", "/control/logout-token", &body).await;
    let claims = answer["logout_token"].as_str().unwrap().split('.').nth(1).unwrap().to_owned();
    let claims = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, claims).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!((&claims["sub"], &claims["sid"]), (&json!("bob"), &json!(sid)));
    // It really went there: this endpoint takes forms and misses a client.
    assert_eq!(answer["delivered"]["status"], 401, "{answer}");
    let delivered = service.issuer().journal().entries().pop().unwrap();
    assert_eq!(
        delivered.parameters,
        [("logout_token".to_owned(), answer["logout_token"].as_str().unwrap().to_owned())]
    );
}

/// The provider stops reading an endless answer.
#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    use tokio::io::AsyncWriteExt;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = format!("http://{}/", listener.local_addr().unwrap());
    let endless = async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\n";
        let mut sent = stream.write_all(head).await;
        while sent.is_ok() {
            sent = stream.write_all(&[b'x'; 1024]).await;
        }
    };
    let service = serve("").await;
    let body = json!({"as": "bob", "to": to}).to_string();
    let ((), (status, answer)) = tokio::join!(endless, call(&service, "POST", "/control/logout-token", &body));
    assert_eq!((status, answer["delivered"]["body"].as_str().unwrap().len()), (200, 4096));
}

/// The issuer's paths and ours are apart, wherever the issuer is.
#[rstest]
#[case("", "")]
#[case("--issuer-path /", "")]
#[case("--issuer-path /application/o/photos/", "/application/o/photos")]
#[case("--issuer-path /healthy", "/healthy")]
#[case("--issuer-path /inspector", "/inspector")]
#[tokio::test]
async fn paths_do_not_meet(#[case] line: &str, #[case] base: &str) {
    let service = serve(line).await;
    let get = async |path: String| client().get(format!("{}{path}", origin(&service))).send().await.unwrap();
    let found: Value = get(format!("{base}/.well-known/openid-configuration")).await.json().await.unwrap();
    assert_eq!(found["issuer"], service.issuer().url());
    let health: Value = get("/health".to_owned()).await.json().await.unwrap();
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(health, json!({"status": "ok", "version": version, "issuer": service.issuer().url()}));
    assert_eq!(get("/inspect".to_owned()).await.status(), 200);
    assert_eq!(get("/control/users".to_owned()).await.status(), 401);
}
