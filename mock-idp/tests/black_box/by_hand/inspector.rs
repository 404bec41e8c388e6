//! What a person sees of the journal, and that others do not.

use std::time::Duration;

use super::person::{Browser, Page, client, origin, request, serve, userinfo};
use mock_idp::by_hand::Service;
use rstest::rstest;

const EXPOSED: &str =
    "--listen 0.0.0.0:0 --public-url http://idp.test:9000 --redirect-uri https://photos.example.org/auth/login";

async fn get(service: &Service, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let mut request = client().get(format!("{}{path}", origin(service)));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// A whole sign-in, for something to look at.
async fn sign_in(service: &Service) {
    let code = Browser::default().sign_in(service, "carol").await.response("code").unwrap();
    let _ = userinfo(service, &code).await;
}

#[tokio::test]
async fn everything_is_there_newest_first() {
    let service = serve("--quirk expired").await;
    sign_in(&service).await;
    let (status, page) = get(&service, "/inspect", &[]).await;
    assert_eq!(status, 200);
    let places: Vec<_> = ["UserInfo", "Token", "POST /authorize", "GET /authorize"]
        .iter()
        .map(|text| page.find(&format!("{text}<")).or_else(|| page.find(text)).unwrap())
        .collect();
    assert!(places.is_sorted(), "{places:?}");
    for text in ["id_token, decoded", "&quot;sub&quot;: &quot;carol&quot;", "1 hour earlier", "The ID token expired"] {
        assert!(page.contains(text), "{text} is missing in {page}");
    }
}

#[tokio::test]
async fn a_refused_certificate_can_be_seen() {
    let service = serve("--tls self-signed").await;
    let issuer = service.issuer().url().to_owned();
    assert!(issuer.starts_with("https://127.0.0.1:") && service.description().contains(&issuer));
    client().get(format!("{issuer}/.well-known/openid-configuration")).send().await.unwrap_err();
    let (_, page) = get(&service, "/inspect", &[]).await;
    assert!(page.contains("TLS connection") && !page.contains("Discovery"), "{page}");
}

/// The folder is made once and found again; what is in it is what signs.
#[tokio::test]
async fn the_authority_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let line = format!("--tls trusted --ca {}/authority", folder.path().display());
    for _ in 0..2 {
        let service = serve(&line).await;
        let pem = std::fs::read(folder.path().join("authority/ca.pem")).unwrap();
        let trusted = reqwest::Certificate::from_pem(&pem).unwrap();
        let client = reqwest::Client::builder().tls_certs_only([trusted]).no_proxy().build().unwrap();
        let answer = client.get(format!("{}/jwks", service.issuer().url())).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(service.shut_down().await);
    }
}

#[tokio::test]
async fn secrets_are_shown_only_when_asked_for() {
    let service = serve("--client-secret quite-secret").await;
    let form = [("client_secret", "quite-secret"), ("client_id", "client")];
    let request = client().post(format!("{}/token", origin(&service))).form(&form);
    let _ = request.header("authorization", "Bearer quite-secret-too").send().await.unwrap();
    let (_, hidden) = get(&service, "/inspect", &[]).await;
    assert!(hidden.contains("(hidden)") && !hidden.contains("quite-secret"), "{hidden}");
    let (_, shown) = get(&service, "/inspect?secrets=show", &[]).await;
    assert!(shown.contains("quite-secret") && shown.contains("Bearer quite-secret-too"), "{shown}");
}

#[rstest]
#[case("/inspect")]
#[case("/inspect/events")]
#[case("/authorize?client_id=client&redirect_uri=https://a.test/")]
#[tokio::test]
async fn a_foreign_page_cannot_use_our_host_name(#[case] path: &str) {
    let service = serve("").await;
    let host = ("host", "evil.example");
    assert_eq!(get(&service, path, &[host]).await.0, 403);
}

/// Neither who can sign in, nor what they are called, nor what is wrong.
fn tells_nothing(page: &Page) {
    assert!(page.body.contains("Secret of this provider"), "{}", page.body);
    for told in ["alice", "immich_role", "ran out", "expired", "href=\"/inspect\""] {
        assert!(!page.body.contains(told), "{told} is told in {}", page.body);
    }
}

#[tokio::test]
async fn beyond_loopback_the_secret_is_asked_for() {
    let service = serve(&format!("{EXPOSED} --quirk expired")).await;
    let request = request(&[]);
    let mut browser = Browser::default();
    let page = browser.visit(&service, &request).await;
    tells_nothing(&page);
    let allow = [("mock-idp-end-user", "alice"), ("mock-idp-decision", "allow")];
    let with = |secret| [allow[0], allow[1], ("mock-idp-secret", secret)];
    for refused in [
        browser.submit(&service, &page, &request, &allow).await,
        browser.submit(&service, &page, &request, &with("")).await,
        browser.submit(&service, &page, &request, &with("top-secre")).await,
        browser.submit(&service, &page, &request, &[("mock-idp-decision", "deny")]).await,
    ] {
        assert_eq!((refused.status, &refused.location), (400, &None));
        assert!(refused.body.contains("Wrong secret"), "{}", refused.body);
        tells_nothing(&refused);
    }
    let stranger = Browser::default().submit(&service, &page, &request, &with("top-secret")).await;
    assert_eq!(stranger.status, 403);
    tells_nothing(&stranger);
    // Only who was let in can choose.
    let shown = browser.submit(&service, &page, &request, &with("top-secret")).await;
    assert_eq!((shown.status, &shown.location), (200, &None));
    assert!(shown.body.contains("alice@example.test") && shown.body.contains("The ID token expired"), "{}", shown.body);
    assert!(browser.submit(&service, &shown, &request, &allow).await.response("code").is_some());
    // Asked once in this browser, and in every other one.
    let again = browser.visit(&service, &request).await;
    assert!(!again.body.contains("Secret of this provider"));
    assert!(browser.submit(&service, &again, &request, &allow).await.response("code").is_some());
    tells_nothing(&Browser::default().visit(&service, &request).await);

    for path in ["/inspect", "/inspect/events", "/inspect?secrets=show"] {
        for headers in [&[][..], &[("authorization", "Basic bWU6bm8=")], &[("host", "localhost")]] {
            assert_eq!(get(&service, path, headers).await.0, 401, "{path} {headers:?}");
        }
    }
    // `anybody:top-secret`
    let basic = ("authorization", "Basic YW55Ym9keTp0b3Atc2VjcmV0");
    let (status, page) = get(&service, "/inspect?secrets=show", &[basic]).await;
    assert_eq!(status, 200);
    assert!(!page.contains("top-secret") && !page.contains("Show secrets"), "{page}");
}

#[tokio::test]
async fn long_journals_come_in_pages() {
    let service = serve("").await;
    let http = client();
    let nowhere = || http.get(format!("{}/nowhere", origin(&service))).send();
    for _ in 0..205 {
        nowhere().await.unwrap();
    }
    let (_, page) = get(&service, "/inspect", &[]).await;
    assert!(page.contains("#204<") && page.contains("#5<") && !page.contains("#4<"));
    let (_, older) = get(&service, "/inspect?before=5", &[]).await;
    assert!(older.contains("#4<") && older.contains("#0<") && !older.contains("#5<") && !older.contains("Older"));
    // Nothing leads to what is forgotten.
    for _ in 205..1030 {
        nowhere().await.unwrap();
    }
    let first = service.issuer().journal().entries()[0].sequence;
    let (_, last) = get(&service, &format!("/inspect?before={}", first + 200), &[]).await;
    assert!(first > 0 && last.contains(&format!("#{first}<")) && !last.contains("Older"), "{first}");
}

#[tokio::test]
async fn what_happens_is_pushed_until_the_provider_ends() {
    let service = serve("").await;
    get(&service, "/before", &[]).await;
    let mut stream = client().get(format!("{}/inspect/events?since=1", origin(&service))).send().await.unwrap();
    let mut seen = String::new();
    let mut until = async |word: &str| {
        while !seen.contains(word) {
            let chunk = tokio::time::timeout(Duration::from_secs(20), stream.chunk()).await.unwrap().unwrap();
            seen.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        }
        seen.clone()
    };
    until("event: provider").await;
    // A carriage return, which this format cannot carry.
    let _ = client().post(format!("{}/after", origin(&service))).body("a\r\nb\rc").send().await.unwrap();
    let text = until("id: 1").await;
    assert!(text.contains("event: exchange") && text.contains("POST /after") && !text.contains("/before"), "{text}");
    assert!(service.shut_down().await, "an open page kept the provider alive");
    assert!(stream.chunk().await.unwrap().is_none());
}
