//! People sign in at the provider's page in a real Chromium. Where none is
//! installed the tests say so and prove nothing, unless it has to be there.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

mod chromium;
mod cross_origin;
mod report;

use crate::{environment, reference, skipped};
use chromium::{Chromium, DOWN, ENTER, TAB};
use clap::builder::Resettable;
use clap::{CommandFactory, FromArgMatches, Parser};
use harness::reference::ReferenceServer;
use mock_idp::Clock;
use mock_idp::by_hand::{Arguments, Service};
use rstest::rstest;
use serde_json::{Value, json};

#[derive(Debug, Parser)]
struct CommandLine {
    #[command(flatten)]
    arguments: Arguments,
}

// The example of RFC 7636, appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}

async fn provider(line: &str) -> Service {
    let line = format!("idp --listen 127.0.0.1:0 --secret top-secret {line}");
    let command = CommandLine::command().mut_args(|argument| argument.env(Resettable::Reset));
    let matches = command.try_get_matches_from(line.split_whitespace()).unwrap();
    let arguments = CommandLine::from_arg_matches(&matches).unwrap().arguments;
    arguments.serve(Clock::system(), || Ok(client()), |_| None).await.unwrap()
}

/// A browser; nothing, and a word why, where there is none.
async fn browser(flags: &[&str]) -> Option<Chromium> {
    match Chromium::start(flags).await {
        Ok(browser) => Some(browser),
        Err(reason) => {
            skipped::missing(&reason);
            None
        }
    }
}

/// A photo server that sends people to the provider.
struct PhotoServer(ReferenceServer);

impl PhotoServer {
    async fn start(provider: &Service) -> Self {
        let server = reference::start().await;
        let url = format!("{}/api/admin/config", server.url());
        let asked = client().get(&url).header("x-api-key", server.api_key()).send().await.unwrap();
        let mut settings: Value = asked.json().await.unwrap();
        let changes = json!({
            "enabled": true, "issuerUrl": provider.issuer().url(), "clientId": "client", "clientSecret": "secret",
            "allowInsecureRequests": true,
        });
        settings["oauth"].as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let put = client().put(&url).header("x-api-key", server.api_key()).json(&settings).send().await.unwrap();
        assert!(put.status().is_success());
        Self(server)
    }

    /// Not the sign-in page: its script would finish what these tests
    /// finish in its place.
    fn redirect_uri(&self) -> String {
        format!("{}/user-settings", self.0.url())
    }

    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let answer = client().post(format!("{}/api/oauth/{path}", self.0.url())).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// Where it sends the browser.
    async fn authorize(&self) -> String {
        let body = json!({"redirectUri": self.redirect_uri(), "state": "s", "codeChallenge": CHALLENGE});
        self.post("authorize", body).await.1["url"].as_str().unwrap().to_owned()
    }

    /// What it makes of the URL at which the browser came back.
    async fn callback(&self, url: &str) -> (u16, Value) {
        self.post("callback", json!({"url": url, "state": "s", "codeVerifier": VERIFIER})).await
    }
}

/// Where the browser is once it was sent back: a click does not wait for the
/// page that it leads to.
async fn arrived(browser: &Chromium, server: &PhotoServer) -> String {
    let back = server.redirect_uri();
    for _ in 0..5000 {
        let url = browser.url().await;
        if url.starts_with(&back) {
            return url;
        }
    }
    browser.url().await
}

/// With the script engine off, the page and the form must do.
#[rstest]
#[case::with_scripts(&[])]
#[case::without_scripts(&["--blink-settings=scriptEnabled=false"])]
#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_with_the_mouse(#[case] flags: &[&str]) {
    let Some(browser) = browser(flags).await else { return };
    let provider = provider("").await;
    let server = PhotoServer::start(&provider).await;
    browser.open(&server.authorize().await).await;
    assert_eq!(browser.text("h1").await, "Sign in to client");
    browser.click("input[value=bob] ~ .who").await;
    browser.click("button.primary").await;
    let arrived = arrived(&browser, &server).await;
    assert!(arrived.starts_with(&server.redirect_uri()), "{arrived}");
    let (status, account) = server.callback(&arrived).await;
    assert_eq!((status, &account["userEmail"]), (201, &json!("bob@example.test")), "{account}");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_by_keyboard() {
    let Some(browser) = browser(&[]).await else { return };
    let provider = provider("").await;
    let server = PhotoServer::start(&provider).await;
    browser.open(&server.authorize().await).await;
    // The first stop is the chosen end-user; arrows choose, Enter signs in.
    browser.press(&[TAB]).await;
    assert_eq!(browser.focused().await, "person-0");
    browser.press(&[DOWN, DOWN]).await;
    assert_eq!(browser.focused().await, "person-2");
    let outline = "return getComputedStyle(document.activeElement.closest('.person')).outlineStyle";
    assert_eq!(browser.script(outline).await, "solid", "one does not see where the focus is");
    browser.press(&[ENTER]).await;
    let (status, account) = server.callback(&arrived(&browser, &server).await).await;
    assert_eq!((status, &account["userEmail"]), (201, &json!("carol@example.test")), "{account}");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mistyped_claims_are_corrected_and_sent() {
    let Some(browser) = browser(&[]).await else { return };
    let provider = provider("").await;
    let server = PhotoServer::start(&provider).await;
    browser.open(&server.authorize().await).await;
    browser.click(".person:has([value=dave]) label").await;
    browser.click(".person:has([value=dave]) summary").await;
    let field = "textarea[name='mock-idp-claims.dave']";
    browser.fill(field, "{\"sub\": \"dave\", \"email\": \"dave@example.test\"").await;
    browser.click("button.primary").await;
    assert!(browser.text(".error").await.contains("These claims are not valid"));
    assert_eq!(browser.property(field, "value").await, "{\"sub\": \"dave\", \"email\": \"dave@example.test\"");
    assert_eq!(browser.focused().await, "claims-3");
    browser.fill(field, "{\"sub\": \"dave\", \"email\": \"dave@example.test\"}").await;
    browser.click("button.primary").await;
    let (status, account) = server.callback(&arrived(&browser, &server).await).await;
    assert_eq!((status, &account["userEmail"]), (201, &json!("dave@example.test")), "{account}");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_says_no() {
    let Some(browser) = browser(&[]).await else { return };
    let provider = provider("").await;
    let server = PhotoServer::start(&provider).await;
    browser.open(&server.authorize().await).await;
    browser.click("button[value=deny]").await;
    let arrived = arrived(&browser, &server).await;
    assert!(arrived.contains("error=access_denied"), "{arrived}");
    let (status, _) = server.callback(&arrived).await;
    assert!(status >= 400);
    browser.close().await;
}

/// On a narrow screen everything fits; in both colour schemes it can be read.
#[rstest]
#[case::light("--blink-settings=preferredColorScheme=1")]
#[case::dark("--blink-settings=preferredColorScheme=0")]
#[tokio::test(flavor = "multi_thread")]
async fn pages_fit_and_can_be_read(#[case] scheme: &str) {
    let Some(browser) = browser(&[scheme]).await else { return };
    let provider = provider("--quirk expired --quirk wrong-audience").await;
    let server = PhotoServer::start(&provider).await;
    // Something to look at: a request that is refused, and a long one.
    let odd = format!("{}/token?{}", provider.issuer().url(), "x".repeat(500));
    let _ = client().post(odd).form(&[("client_secret", "x")]).send().await.unwrap();
    let pages = [server.authorize().await, format!("{}/inspect", provider.issuer().url())];
    for page in pages {
        browser.open(&page).await;
        browser.script("document.querySelectorAll('details').forEach((details) => { details.open = true; })").await;
        for width in [320, 390, 1200] {
            browser.resize(width).await;
            let size = browser.script("return [innerWidth, document.documentElement.scrollWidth]").await;
            assert_eq!(size, json!([width, width]), "{page}");
        }
        let poor = browser.script(CONTRAST).await;
        assert_eq!(poor, json!([]), "{page}");
    }
    browser.close().await;
}

/// Every text whose contrast is below 4.5 (WCAG 2.2 §1.4.3).
const CONTRAST: &str = r"
const parse = (text) => text.match(/[\d.]+/g).map(Number);
const luminance = (colour) => {
  const [r, g, b] = colour.map((c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const colour = parse(getComputedStyle(e).backgroundColor);
    if (colour.length === 3 || colour[3] > 0) return colour.slice(0, 3);
  }
  return [255, 255, 255];
};
const poor = [];
for (const element of document.querySelectorAll('body *')) {
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  if (!own || element.closest('script, svg')) continue;
  const [a, b] = [luminance(parse(getComputedStyle(element).color).slice(0, 3)), luminance(ground(element))];
  const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (contrast < 4.5) poor.push(`${element.tagName} ${element.className} ${contrast.toFixed(2)}`);
}
return poor;
";

#[tokio::test(flavor = "multi_thread")]
async fn the_inspector_is_live() {
    let Some(browser) = browser(&[]).await else { return };
    let provider = provider("").await;
    let url = provider.issuer().url();
    browser.open(&format!("{url}/inspect")).await;
    assert_eq!(browser.text("#empty").await, "No requests yet. Start a sign-in at the relying party.");
    browser.click("#live[data-state=on]").await;
    let _ = client().get(format!("{url}/jwks?x=<b>")).send().await.unwrap();
    assert!(browser.text(".exchange[data-sequence='0'] summary").await.contains("JWKS"));
    let _ = client().get(format!("{url}/userinfo")).send().await.unwrap();
    assert!(browser.text(".exchange[data-sequence='1'] summary").await.contains("401"));
    let order = "return [...document.querySelectorAll('.exchange')].map((e) => e.dataset.sequence).join()";
    assert_eq!(browser.script(order).await, "1,0", "newest first");
    browser.click(".exchange[data-sequence='0'] summary").await;
    assert!(browser.text(".exchange[data-sequence='0'] .inside pre").await.contains("/jwks?x="));
    // An open page does not keep the provider from ending.
    assert!(provider.shut_down().await);
    assert!(browser.text("#live[data-state=off]").await.contains("no connection"));
    browser.close().await;
}
