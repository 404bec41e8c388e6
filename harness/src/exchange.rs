//! One HTTP request of ours and what came back, for judging and reports.

use cookie_store::RawCookie;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
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
    /// Whether bytes of the answer's body were replaced, because they are not
    /// UTF-8.
    #[serde(skip)]
    pub is_garbled: bool,
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
    /// For how many seconds the browser keeps it; none or fewer where it is
    /// taken back, nothing where it goes with the browser (RFC 6265 §5.3).
    pub lifetime: Option<i64>,
}

impl SetCookie {
    /// Whether the browser has no such cookie afterwards, or none that says
    /// anything.
    pub fn is_cleared(&self) -> bool {
        self.value.is_empty() || self.lifetime.is_some_and(|seconds| seconds <= 0)
    }
}

impl Exchange {
    /// The path of the URL, as it stands.
    pub fn path(&self) -> &str {
        let after = self.url.split_once("://").map_or(self.url.as_str(), |(_, after)| after);
        let path = after.find('/').map_or("/", |start| &after[start..]);
        path.split(['?', '#']).next().unwrap_or_default()
    }

    /// The body as JSON, if it is, in UTF-8 (RFC 8259 §8.1).
    pub fn json(&self) -> Option<Value> {
        if self.is_garbled { None } else { serde_json::from_str(&self.response_body).ok() }
    }

    /// Whether no answer came in the time that it may take.
    pub fn timed_out(&self) -> bool {
        self.error.as_deref().is_some_and(|error| error.ends_with("operation timed out"))
    }

    /// The word that goes with an error, as a body of its own; empty where the
    /// answer is none. Other answers hold accounts and tokens.
    pub fn complaint(&self) -> String {
        let body = self.json().filter(|_| self.is_error()).unwrap_or_default();
        let words = ["message", "error_description"];
        let said: Map<String, Value> =
            words.iter().filter_map(|name| Some(((*name).to_owned(), body.get(name)?.clone()))).collect();
        if said.is_empty() { String::new() } else { Value::Object(said).to_string() }
    }

    /// Whether the answer's status says that something went wrong.
    pub fn is_error(&self) -> bool {
        self.status.is_some_and(|status| status >= 400)
    }

    /// Returns what goes with an error, as text: the message of a server, the
    /// description of a provider (RFC 6749 §5.2), or else the whole body.
    pub fn complaint_text(&self) -> String {
        let body = self.json().unwrap_or_default();
        let member = |name: &str| body.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
        let named = member("error_description").or_else(|| member("message")).or_else(|| member("error"));
        named.unwrap_or_else(|| self.response_body.trim().to_owned())
    }

    /// A response header by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.response_headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The cookies that the answer sets.
    pub fn set_cookies(&self) -> Vec<SetCookie> {
        // A server's dates are compared by its own clock; without one, all of
        // them are in the future, except those that no client would accept as a
        // time.
        let date = self.header("date").and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
        let now = date.map_or(0, |date| date.timestamp().as_second());
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
                // Max-Age wins over Expires (RFC 6265 §5.3).
                lifetime: attribute(text, "max-age")
                    .and_then(|age| age.parse().ok())
                    .or_else(|| Some(cookie.expires_datetime()?.unix_timestamp() - now)),
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
}

/// An attribute of a `Set-Cookie` header as it stands.
fn attribute<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = text.split(';').skip(1).filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const DATE: &str = "Thu, 26 Nov 2026 04:00:00 GMT";

    #[rstest]
    #[case("a=1; Max-Age=60; Expires=Thu, 26 Nov 2026 05:00:00 GMT", Some(60), false)]
    #[case("a=1; Expires=Thu, 26 Nov 2026 05:00:00 GMT", Some(3600), false)]
    #[case("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", Some(-1_795_665_600), true)]
    #[case("a=deleted; Max-Age=0", Some(0), true)]
    #[case("a=1", None, false)]
    #[case("a=", None, true)]
    fn a_cookie_lives_as_browsers_have_it(
        #[case] header: &str,
        #[case] lifetime: Option<i64>,
        #[case] is_cleared: bool,
    ) {
        let headers = vec![("date".to_owned(), DATE.to_owned()), ("set-cookie".to_owned(), header.to_owned())];
        let answer = Exchange { response_headers: headers, ..Exchange::default() };
        let cookies = answer.set_cookies();
        let found = cookies.first().map(|cookie| (cookie.lifetime, cookie.is_cleared()));
        assert_eq!(found, Some((lifetime, is_cleared)));
    }
}
