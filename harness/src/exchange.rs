//! One HTTP request of ours and what came back, for judging. As reports keep it,
//! it is a [`crate::report::ExchangeReport`].

use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

use crate::set_cookie::SetCookie;

/// A request and its answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Exchange {
    /// `GET`, `POST`, …
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Method and URL as the server got them, where its dialect has others.
    pub sent_as: Option<String>,
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
    pub is_garbled: bool,
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

    /// Whether browsers show the answer, with the cookies of the request, to a
    /// page of another origin that sent it (WHATWG Fetch, CORS protocol).
    pub fn is_shared_with_another_origin(&self) -> bool {
        let origin = self.request_headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("origin"));
        let own = Url::parse(&self.url).map(|url| url.origin().ascii_serialization());
        origin.is_some_and(|(_, origin)| {
            own.as_ref() != Ok(origin)
                && self.header("access-control-allow-origin") == Some(origin)
                && self.header("access-control-allow-credentials") == Some("true")
        })
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
        headers.filter_map(|(_, text)| SetCookie::parse(text, now)).collect()
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
