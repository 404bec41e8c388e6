//! A person with a browser in front of a provider that is served by hand:
//! forms and one cookie, nothing more.

use clap::builder::Resettable;
use clap::{CommandFactory, FromArgMatches, Parser};
use mock_idp::Clock;
use mock_idp::by_hand::{Arguments, Service};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};

#[derive(Debug, Parser)]
struct CommandLine {
    #[command(flatten)]
    arguments: Arguments,
}

pub const APP: &str = "https://photos.example.org/auth/login";
// The example of RFC 7636, appendix B.
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// A provider at any free port.
pub async fn serve(line: &str) -> Service {
    let listen = if line.contains("--listen") { "" } else { "--listen 127.0.0.1:0" };
    let line = format!("idp --secret top-secret {listen} {line}");
    // What the caller's variables say is not on the line.
    let command = CommandLine::command().mut_args(|argument| argument.env(Resettable::Reset));
    let matches = command.try_get_matches_from(line.split_whitespace()).unwrap();
    let arguments = CommandLine::from_arg_matches(&matches).unwrap().arguments;
    arguments.serve(Clock::system(), || Ok(client()), |_| None).await.unwrap()
}

/// Where it can be reached from here.
pub fn origin(service: &Service) -> String {
    format!("http://127.0.0.1:{}", service.local_addr().port())
}

/// Nothing here takes long; what never ends is cut off.
pub fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    builder.timeout(std::time::Duration::from_secs(90)).build().unwrap()
}

pub type Pairs = Vec<(String, String)>;

pub fn pairs(pairs: &[(&str, &str)]) -> Pairs {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// An authorization request, with changes.
pub fn request(changes: &[(&str, &str)]) -> Pairs {
    let mut request = pairs(&[
        ("client_id", "client"),
        ("redirect_uri", APP),
        ("response_type", "code"),
        ("scope", "openid email profile"),
        ("state", "the state"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]);
    for (name, value) in changes {
        request.retain(|(key, _)| key != name);
        request.push(((*name).to_owned(), (*value).to_owned()));
    }
    request
}

pub struct Page {
    pub status: u16,
    pub location: Option<reqwest::Url>,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Page {
    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let rest = self.body.split(&start).nth(1).unwrap_or_else(|| panic!("no field {name} in {}", self.body));
        rest.split('"').next().unwrap().to_owned()
    }

    /// What stands in the box with this end-user's claims.
    pub fn claims(&self, name: &str) -> String {
        let start = format!("name=\"mock-idp-claims.{name}\"");
        let rest = self.body.split(&start).nth(1).unwrap();
        let inside = rest.split_once('>').unwrap().1.split("</textarea>").next().unwrap();
        inside.trim_start_matches('\n').replace("&quot;", "\"").replace("&lt;", "<").replace("&amp;", "&")
    }

    /// A parameter that the client gets.
    pub fn response(&self, name: &str) -> Option<String> {
        let location = self.location.as_ref()?;
        location.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

#[derive(Debug, Default, Clone)]
pub struct Browser {
    pub cookie: Option<String>,
}

impl Browser {
    async fn send(&mut self, mut request: reqwest::RequestBuilder) -> Page {
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let answer = request.send().await.unwrap();
        if let Some(cookie) = answer.headers().get(SET_COOKIE) {
            self.cookie = cookie.to_str().unwrap().split(';').next().map(ToOwned::to_owned);
        }
        let location = answer.headers().get(LOCATION).and_then(|location| location.to_str().ok()?.parse().ok());
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Page { status, location, headers, body: answer.text().await.unwrap() }
    }

    /// Follows the client's redirect.
    pub async fn visit(&mut self, service: &Service, request: &Pairs) -> Page {
        let path = service.issuer().url().splitn(4, '/').nth(3).unwrap_or_default().trim_end_matches('/');
        let url = format!("{}/{path}/authorize", origin(service)).replace("//authorize", "/authorize");
        self.send(client().get(url).query(request)).await
    }

    /// Posts the form of a page, with what was chosen there.
    pub async fn submit(&mut self, service: &Service, page: &Page, request: &Pairs, chosen: &[(&str, &str)]) -> Page {
        let mut form = request.clone();
        form.push(("mock-idp-form".to_owned(), page.hidden("mock-idp-form")));
        form.extend(pairs(chosen));
        self.post(service, &form).await
    }

    pub async fn post(&mut self, service: &Service, form: &Pairs) -> Page {
        self.send(client().post(format!("{}/authorize?", origin(service))).form(form)).await
    }

    /// From the client's redirect to the client's answer, in one go.
    pub async fn sign_in(&mut self, service: &Service, name: &str) -> Page {
        let request = request(&[]);
        let page = self.visit(service, &request).await;
        self.submit(service, &page, &request, &[("mock-idp-end-user", name), ("mock-idp-decision", "allow")]).await
    }
}

/// The claims that the client gets for a code, at the `UserInfo` endpoint.
pub async fn userinfo(service: &Service, code: &str) -> serde_json::Value {
    let form = pairs(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", APP),
        ("client_id", "client"),
        ("client_secret", "secret"),
        ("code_verifier", VERIFIER),
    ]);
    let origin = origin(service);
    let answer = client().post(format!("{origin}/token")).form(&form).send().await.unwrap();
    let tokens: serde_json::Value = answer.json().await.unwrap();
    let token = tokens["access_token"].as_str().unwrap();
    let answer = client().get(format!("{origin}/userinfo")).bearer_auth(token).send().await.unwrap();
    answer.json().await.unwrap()
}
