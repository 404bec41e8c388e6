//! The page at `/`: what it says, what its forms change, and whose forms it
//! takes.

use super::person::{client, origin, serve};
use mock_idp::by_hand::Service;
use rstest::rstest;

async fn page(service: &Service) -> String {
    client().get(format!("{}/", origin(service))).send().await.unwrap().text().await.unwrap()
}

/// Sends a form as a browser does that shows a page of `from`.
async fn send(service: &Service, from: &str, form: &[(&str, &str)]) -> (u16, String) {
    let request = client().post(format!("{}/", origin(service))).header("origin", from).form(form);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn it_says_what_to_enter_where() {
    let service = serve("--profile keycloak --quirk expired").await;
    let page = page(&service).await;
    for text in [service.issuer().url(), "Keycloak", "<code>client</code>", "<code>secret</code>", "expired", "carol"] {
        assert!(page.contains(text), "{text} is missing in {page}");
    }
}

#[tokio::test]
async fn forms_turn_quirks_on_and_off() {
    let service = serve("").await;
    let here = origin(&service);
    let on = [("do", "turn-on"), ("quirk", "wrong-audience=another")];
    assert_eq!(send(&service, &here, &on).await.0, 303);
    assert_eq!(service.issuer().deviations().names(), ["wrong-audience"]);
    let off = [("do", "turn-off"), ("quirk", "wrong-audience")];
    assert_eq!(send(&service, &here, &off).await.0, 303);
    assert_eq!(service.issuer().deviations().names(), Vec::<String>::new());
}

#[tokio::test]
async fn forms_edit_end_users() {
    let service = serve("").await;
    let here = origin(&service);
    let save = [("do", "save"), ("name", "erin"), ("claims", r#"{"email": "erin@example.test"}"#)];
    assert_eq!(send(&service, &here, &save).await.0, 303);
    assert_eq!(service.issuer().end_users()["erin"].claims["email"], "erin@example.test");
    assert_eq!(send(&service, &here, &[("do", "remove"), ("name", "erin")]).await.0, 303);
    assert!(!service.issuer().end_users().contains_key("erin"));
}

#[rstest]
#[case(&[("do", "turn-on"), ("quirk", "expird")], "expird")]
#[case(&[("do", "save"), ("name", "erin"), ("claims", "{")], "The claims of erin are invalid")]
#[case(&[("do", "save"), ("name", " "), ("claims", "{}")], "Enter a name for the end-user")]
#[tokio::test]
async fn a_mistake_is_said_and_changes_nothing(#[case] form: &[(&str, &str)], #[case] expected: &str) {
    let service = serve("").await;
    let (status, page) = send(&service, &origin(&service), form).await;
    assert_eq!(status, 422);
    assert!(page.contains(expected), "{page}");
    assert_eq!((service.issuer().deviations().names().len(), service.issuer().end_users().len()), (0, 4));
}

#[tokio::test]
async fn a_form_of_another_page_is_refused() {
    let service = serve("").await;
    let (status, _) = send(&service, "http://evil.example", &[("do", "turn-on"), ("quirk", "expired")]).await;
    assert_eq!((status, service.issuer().deviations().names().len()), (403, 0));
}

#[tokio::test]
async fn others_need_the_secret() {
    let exposed = "--listen 0.0.0.0:0 --public-url http://idp.test:9000 --redirect-uri https://photos.example.org/";
    let service = serve(exposed).await;
    assert_eq!(client().get(format!("{}/", origin(&service))).send().await.unwrap().status().as_u16(), 401);
    let with_secret = client().get(format!("{}/", origin(&service))).basic_auth("me", Some("top-secret"));
    let page = with_secret.send().await.unwrap().text().await.unwrap();
    assert!(page.contains("the provider printed it when it started"), "{page}");
}

#[tokio::test]
async fn browsers_find_an_icon() {
    let service = serve("").await;
    let answer = client().get(format!("{}/favicon.ico", origin(&service))).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["content-type"]), (200, &"image/svg+xml".parse().unwrap()));
    assert!(answer.text().await.unwrap().starts_with("<svg xmlns"));
}
