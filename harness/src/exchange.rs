//! One HTTP request of ours and what came back, for judging and reports.

use cookie_store::RawCookie;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::form_urlencoded;

/// A request and its answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Exchange {
    /// `GET`, `POST`, …
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Request headers.
    pub request_headers: Vec<(String, String)>,
    /// The request body.
    pub request_body: String,
    /// The answer's status; none if no answer came.
    pub status: Option<u16>,
    /// The answer's headers, names in lower case.
    pub response_headers: Vec<(String, String)>,
    /// The answer's body.
    pub response_body: String,
    /// Why no answer came.
    pub error: Option<String>,
}

/// A cookie that an answer sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetCookie {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Hidden from scripts.
    pub http_only: bool,
    /// Only over TLS.
    pub secure: bool,
    /// `Lax`, `Strict`, `None`.
    pub same_site: Option<String>,
    /// Below which path it is sent.
    pub path: Option<String>,
    /// Lifetime in seconds.
    pub max_age: Option<i64>,
}

impl Exchange {
    /// The path of the URL, as it stands.
    pub fn path(&self) -> &str {
        let after = self.url.split_once("://").map_or(self.url.as_str(), |(_, after)| after);
        let path = after.find('/').map_or("/", |start| &after[start..]);
        path.split(['?', '#']).next().unwrap_or_default()
    }

    /// The body as JSON, if it is.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_str(&self.response_body).ok()
    }

    /// The word that goes with an error, as a body of its own; empty where the
    /// answer is none. Other answers hold accounts and tokens.
    pub fn complaint(&self) -> String {
        let error = self.status.is_some_and(|status| status >= 400);
        let message = self.json().and_then(|body| body.get("message").cloned()).filter(|_| error);
        message.map(|message| Value::from_iter([("message", message)]).to_string()).unwrap_or_default()
    }

    /// A response header by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.response_headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The cookies that the answer sets.
    pub fn set_cookies(&self) -> Vec<SetCookie> {
        let headers = self.response_headers.iter().filter(|(name, _)| name == "set-cookie");
        headers
            .filter_map(|(_, text)| Some((text, RawCookie::parse(text.as_str()).ok()?)))
            .map(|(text, cookie)| SetCookie {
                name: cookie.name().to_owned(),
                value: cookie.value().to_owned(),
                http_only: cookie.http_only().unwrap_or(false),
                secure: cookie.secure().unwrap_or(false),
                same_site: cookie.same_site().map(|policy| policy.to_string()),
                path: cookie.path().map(ToOwned::to_owned),
                max_age: attribute(text, "max-age").and_then(|age| age.parse().ok()),
            })
            .collect()
    }

    /// The parameters of the query and, where it is one, of the form in the
    /// body, decoded.
    pub fn parameters(&self) -> Vec<(String, String)> {
        let (url, _) = self.url.split_once('#').unwrap_or((&self.url, ""));
        let (_, query) = url.split_once('?').unwrap_or((url, ""));
        let named = |name: &str| self.request_headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        let is_form = named("content-type").is_some_and(|(_, kind)| kind.starts_with("application/x-www-form"));
        let body = if is_form { self.request_body.as_str() } else { "" };
        [query, body].into_iter().flat_map(|text| form_urlencoded::parse(text.as_bytes()).into_owned()).collect()
    }

    /// Hides `secrets` wherever they stand.
    pub fn redact(&mut self, secrets: &[String]) {
        hide(&mut self.url, secrets);
        hide(&mut self.request_body, secrets);
        hide(&mut self.response_body, secrets);
        let headers = self.request_headers.iter_mut().chain(&mut self.response_headers);
        headers.for_each(|(_, value)| hide(value, secrets));
    }
}

/// Hides `secrets` wherever they stand in a text. What is shorter than eight
/// bytes is no secret, and may be part of any word.
pub fn hide(text: &mut String, secrets: &[String]) {
    for secret in secrets.iter().filter(|secret| secret.len() >= 8) {
        if text.contains(secret.as_str()) {
            *text = text.replace(secret.as_str(), "[redacted]");
        }
    }
}

/// An attribute of a `Set-Cookie` header as it stands.
fn attribute<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = text.split(';').skip(1).filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}
