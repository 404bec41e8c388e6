//! A user signs in at the page: the choice reaches the client, a mistyped form
//! comes back, and no other page can sign in for the user.

use super::person::{APP, Browser, Page, client, origin, pairs, request, serve, userinfo};
use crate::provider::options;
use rstest::rstest;
use serde_json::{Value, json};

const ALLOW: (&str, &str) = ("mock-idp-decision", "allow");

fn choose(name: &str) -> [(&str, &str); 2] {
    [("mock-idp-end-user", name), ALLOW]
}

fn code(page: &Page) -> String {
    page.response("code").unwrap_or_else(|| panic!("{} {}", page.status, page.body))
}

#[tokio::test]
async fn the_chosen_end_user_is_signed_in() {
    let service = serve("").await;
    let mut browser = Browser::default();
    let answer = browser.sign_in(&service, "bob").await;
    assert_eq!(answer.status, 302);
    assert!(answer.location.as_ref().unwrap().as_str().starts_with(APP));
    assert_eq!(answer.response("state").as_deref(), Some("the state"));
    let claims = userinfo(&service, &code(&answer)).await;
    assert_eq!((&claims["sub"], &claims["email"]), (&json!("bob"), &json!("bob@example.test")));
    // And is remembered there.
    let again = browser.visit(&service, &request(&[])).await;
    assert!(again.body.contains("value=\"bob\" required checked"), "{}", again.body);
}

#[tokio::test]
async fn the_page_says_who_asks_for_what() {
    let service = serve("--quirk expired --client-id photo-server").await;
    let changes = [("client_id", "photo-server"), ("scope", "openid email x<y"), ("code_challenge", "")];
    let page = Browser::default().visit(&service, &request(&changes)).await;
    assert_eq!(page.status, 200);
    for text in [
        "Sign in to photo-server",
        "Know who you are",
        "See your email address",
        "Use the scope <code class=\"quiet\">x&lt;y</code>",
        APP,
        "No redirect URI is registered",
        "nonce: no",
        "The ID token expired",
        "alice@example.test",
        "no email",
        "immich_role: admin",
    ] {
        assert!(page.body.contains(text), "{text} is missing in {}", page.body);
    }
    assert!(!page.body.contains("<script"), "the page needs no script");
}

#[tokio::test]
async fn other_sites_cannot_frame_the_page_or_learn_of_it() {
    let service = serve("").await;
    let mut browser = Browser::default();
    let shown = browser.visit(&service, &request(&[])).await;
    let refused = browser.visit(&service, &request(&[("client_id", "nobody")])).await;
    assert_eq!(refused.status, 400);
    for page in [shown, refused] {
        let header = |name: &str| page.headers[name].to_str().unwrap();
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("x-frame-options"), "DENY");
    }
    assert!(browser.cookie.unwrap().starts_with("mock-idp-browser="));
}

#[tokio::test]
async fn a_form_is_of_one_browser_and_one_request() {
    let service = serve("").await;
    let mut browser = Browser::default();
    let request_a = request(&[]);
    let page = browser.visit(&service, &request_a).await;
    // Another browser, which has a cookie or none; another request; no token.
    let mut stranger = Browser::default();
    let _ = stranger.visit(&service, &request_a).await;
    let with_cookie = stranger.submit(&service, &page, &request_a, &choose("alice")).await;
    let without = Browser::default().submit(&service, &page, &request_a, &choose("alice")).await;
    let request_b = request(&[("state", "of another flow")]);
    let other_request = browser.submit(&service, &page, &request_b, &choose("alice")).await;
    let mut invented = request_a.clone();
    invented.push(("mock-idp-form".into(), "guessed".into()));
    invented.extend(pairs(&choose("alice")));
    let guessed = browser.post(&service, &invented).await;
    for refused in [with_cookie, without, other_request, guessed] {
        assert_eq!((refused.status, &refused.location), (403, &None));
        assert!(refused.body.contains("in another browser"), "{}", refused.body);
    }
    let good = browser.submit(&service, &page, &request_a, &choose("alice")).await;
    assert!(good.response("code").is_some());
}

#[tokio::test]
async fn a_form_in_the_query_decides_nothing() {
    let service = serve("").await;
    let mut browser = Browser::default();
    let page = browser.visit(&service, &request(&[])).await;
    let mut query = request(&[]);
    query.push(("mock-idp-form".into(), page.hidden("mock-idp-form")));
    query.extend(pairs(&choose("alice")));
    assert_eq!(browser.visit(&service, &query).await.status, 200);
    // Nor does it fill anything in.
    query.push(("mock-idp-claims.alice".into(), "{\"sub\": \"another-end-user\"}".into()));
    let page = browser.visit(&service, &query).await;
    assert!(page.claims("alice").contains("\"sub\": \"alice\""), "{}", page.body);
}

/// The client may post its request, too (OIDC Core §3.1.2.1).
#[tokio::test]
async fn a_posted_request_is_shown_the_page() {
    let service = serve("").await;
    let mut browser = Browser::default();
    let page = browser.post(&service, &request(&[])).await;
    assert_eq!(page.status, 200);
    let answer = browser.submit(&service, &page, &request(&[]), &choose("alice")).await;
    assert!(answer.response("code").is_some());
}

#[tokio::test]
async fn a_refusal_reaches_the_client() {
    let service = serve("").await;
    let mut browser = Browser::default();
    let page = browser.visit(&service, &request(&[])).await;
    let answer = browser.submit(&service, &page, &request(&[]), &[("mock-idp-decision", "deny")]).await;
    assert_eq!(answer.response("error").as_deref(), Some("access_denied"));
    assert_eq!(answer.response("state").as_deref(), Some("the state"));
    assert_eq!(answer.response("code"), None);
}

#[tokio::test]
async fn edited_claims_reach_the_client() {
    let service = serve("").await;
    let mut browser = Browser::default();
    let page = browser.visit(&service, &request(&[])).await;
    let mut claims: Value = serde_json::from_str(&page.claims("alice")).unwrap();
    claims["email"] = "elsewhere@example.test".into();
    claims["age"] = json!([42, null]);
    let text = claims.to_string();
    let chosen = [("mock-idp-end-user", "alice"), ALLOW, ("mock-idp-claims.alice", &text)];
    let answer = browser.submit(&service, &page, &request(&[]), &chosen).await;
    let told = userinfo(&service, &code(&answer)).await;
    assert_eq!((&told["email"], &told["age"]), (&json!("elsewhere@example.test"), &json!([42, null])));
    assert_eq!(service.issuer().end_users()["alice"].claims["age"], json!([42, null]));
}

#[rstest]
#[case("{\"sub\": \"alice\", \"email\": }", "line 1 column 27")]
#[case("[1]", "a table of claims")]
#[case("{\"sub\": \"\"}", "`sub` is empty")]
#[case("{\"sub\": 3}", "a string")]
#[case("</textarea><script>alert(1)</script>", "are not valid")]
#[tokio::test]
async fn mistyped_claims_come_back_with_a_word(#[case] typed: &str, #[case] word: &str) {
    let service = serve("").await;
    let before = service.issuer().end_users();
    let mut browser = Browser::default();
    let page = browser.visit(&service, &request(&[])).await;
    let chosen =
        [("mock-idp-end-user", "bob"), ALLOW, ("mock-idp-claims.bob", typed), ("mock-idp-claims.alice", "kept")];
    let again = browser.submit(&service, &page, &request(&[]), &chosen).await;
    assert_eq!((again.status, &again.location), (400, &None));
    assert!(again.body.contains(word), "{word} is missing in {}", again.body);
    // Nothing is lost, and nothing has changed.
    let unescaped = again.claims("bob").replace("&gt;", ">");
    assert_eq!((unescaped.as_str(), again.claims("alice").as_str()), (typed, "kept"));
    assert!(again.body.contains("value=\"bob\" required checked") && !again.body.contains("<script"));
    assert_eq!(service.issuer().end_users(), before);
    // Mended, it goes on from there.
    let mended = [("mock-idp-end-user", "bob"), ALLOW, ("mock-idp-claims.bob", "{\"sub\": \"b\"}")];
    let answer = browser.submit(&service, &again, &request(&[]), &mended).await;
    assert_eq!(userinfo(&service, &code(&answer)).await["sub"], "b");
}

#[tokio::test]
async fn a_new_end_user_joins() {
    let service = serve("").await;
    let mut browser = Browser::default();
    let page = browser.visit(&service, &request(&[])).await;
    let claims = page.claims("+");
    let sub = serde_json::from_str::<Value>(&claims).unwrap()["sub"].as_str().unwrap().to_owned();
    let nameless = [("mock-idp-end-user", "+"), ALLOW, ("mock-idp-claims.+", "{}")];
    let refused = browser.submit(&service, &page, &request(&[]), &nameless).await;
    assert!(refused.status == 400 && refused.body.contains("needs a `sub`"));
    for (taken, word) in
        [("{\"sub\": \"bob\"}", "already an end-user `bob`"), ("{\"sub\": \"+\"}", "already an end-user `+`")]
    {
        let before = service.issuer().end_users();
        let posing = [("mock-idp-end-user", "+"), ALLOW, ("mock-idp-claims.+", taken)];
        let refused = browser.submit(&service, &page, &request(&[]), &posing).await;
        assert!(refused.status == 400 && refused.body.contains(word), "{}", refused.body);
        assert_eq!(service.issuer().end_users(), before);
    }
    let chosen = [("mock-idp-end-user", "+"), ALLOW, ("mock-idp-claims.+", &claims)];
    let answer = browser.submit(&service, &page, &request(&[]), &chosen).await;
    assert_eq!(userinfo(&service, &code(&answer)).await["sub"], *sub);
    assert!(service.issuer().end_users().contains_key(&sub));
}

#[rstest]
#[case(&[("login_hint", "carol@example.test")], "carol")]
#[case(&[("login_hint", "dave")], "dave")]
#[case(&[("login_hint", "nobody")], "alice")]
#[tokio::test]
async fn a_hint_chooses_beforehand(#[case] changes: &[(&str, &str)], #[case] chosen: &str) {
    let service = serve("").await;
    let page = Browser::default().visit(&service, &request(changes)).await;
    assert!(page.body.contains(&format!("value=\"{chosen}\" required checked")), "{}", page.body);
}

#[tokio::test]
async fn who_must_not_be_asked_is_not_signed_in() {
    let service = serve("").await;
    let answer = Browser::default().visit(&service, &request(&[("prompt", "none")])).await;
    assert_eq!(answer.response("error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn a_mistake_of_the_client_is_shown_and_then_sent_back() {
    let service = serve("").await;
    let wrong = request(&[("response_type", "token")]);
    let mut browser = Browser::default();
    let page = browser.visit(&service, &wrong).await;
    assert!(
        page.body.contains("This request has an error: the only supported response_type is `code`"),
        "{}",
        page.body
    );
    let answer = browser.submit(&service, &page, &wrong, &choose("alice")).await;
    assert_eq!(answer.response("error").as_deref(), Some("unsupported_response_type"));
}

#[rstest]
#[case("", &[("redirect_uri", "javascript:alert(1)")])]
#[case("", &[("redirect_uri", "/relative")])]
#[case("", &[("redirect_uri", "")])]
#[case("--redirect-uri https://photos.example.org/auth/logi", &[])]
#[case("--redirect-uri https://photos.example.org/auth/login/", &[])]
#[case("", &[("client_id", "another")])]
#[tokio::test]
async fn the_browser_is_not_sent_to_an_unregistered_address(#[case] line: &str, #[case] changes: &[(&str, &str)]) {
    let service = serve(line).await;
    let mut browser = Browser::default();
    let page = browser.visit(&service, &request(changes)).await;
    assert_eq!((page.status, page.location), (400, None));
    assert!(page.body.contains("This sign-in cannot continue"), "{}", page.body);
}

#[tokio::test]
async fn a_program_with_the_secret_needs_no_page() {
    let service = serve("").await;
    let ask = async |secret: &str| {
        let url = format!("{}/authorize", origin(&service));
        let request = client().get(url).query(&request(&[])).header("mock-idp-secret", secret);
        request.header("mock-idp-end-user", "alice").send().await.unwrap().status().as_u16()
    };
    assert_eq!((ask("top-secret").await, ask("guessed").await), (302, 403));
}

/// Without a page, nothing of this is there.
#[tokio::test]
async fn a_provider_that_serves_no_person_shows_no_page() {
    let provider = mock_idp::Provider::start(options()).await.unwrap();
    for path in ["health", "inspect", "control/users"] {
        let answer = client().get(format!("{}{path}", provider.origin())).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
}

/// The page is where the product has its own, and posts back to there.
#[tokio::test]
async fn a_product_has_its_own_paths() {
    let service = serve("--profile authentik").await;
    let discovery = format!("{}/application/o/photos/.well-known/openid-configuration", origin(&service));
    let document: Value = client().get(discovery).send().await.unwrap().json().await.unwrap();
    let page = document["authorization_endpoint"].as_str().unwrap();
    assert_eq!(page, format!("{}/application/o/authorize/", origin(&service)));
    let answer = client().get(page).query(&request(&[])).send().await.unwrap();
    let text = answer.text().await.unwrap();
    assert!(text.contains("<form method=\"post\" action=\"?\""), "{text}");
}
