//! An answer of the provider, read to its end, or why there is none.

use reqwest::header::HeaderMap;
use serde_json::{Map, Value};
use url::Url;

use super::member::MemberType;
use crate::http_client::causes;

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The address that answered: after redirects, the last one.
    pub address: Url,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, unpacked.
    pub body: Vec<u8>,
}

/// Why there is no answer, in the words of the HTTP client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The request cannot be made, mostly because the address is no URL.
    #[error("{0}")]
    Request(String),
    /// No host has the name.
    #[error("{0}")]
    NoHost(String),
    /// No program listens at the port.
    #[error("{0}")]
    Refused(String),
    /// The certificate is not trusted, for another name, or out of date.
    #[error("{0}")]
    Certificate(String),
    /// The port does not speak TLS.
    #[error("{0}")]
    NoTls(String),
    /// The time limit is over.
    #[error("{0}")]
    Late(String),
    /// The connection does not come about, breaks, or what comes over it is no
    /// HTTP.
    #[error("{0}")]
    Broken(String),
    /// The body is longer than the limit, in bytes.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
}

/// Makes an error of the words of the HTTP client.
type MakeError = fn(String) -> FetchError;

/// What resolver, operating system and TLS library say of a connection.
static CONNECTION: &[(&str, MakeError)] = &[
    ("dns error", FetchError::NoHost),
    ("Connection refused", FetchError::Refused),
    ("invalid peer certificate", FetchError::Certificate),
    ("InvalidContentType", FetchError::NoTls),
];

impl From<reqwest::Error> for FetchError {
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let reason = causes(&error);
        if error.is_timeout() {
            return Self::Late(reason);
        }
        if error.is_builder() {
            return Self::Request(reason);
        }
        let known = CONNECTION.iter().find(|(words, _)| error.is_connect() && reason.contains(words));
        known.map_or(Self::Broken as MakeError, |(_, make)| *make)(reason)
    }
}

/// Why a body is no JSON object.
#[derive(Debug, thiserror::Error)]
pub enum NotAnObject {
    /// It is no JSON.
    #[error("{0}")]
    NotJson(serde_json::Error),
    /// It is JSON of another type.
    #[error("not an object")]
    OtherType(MemberType),
}

impl Answer {
    /// Returns the content type; empty if there is none.
    pub fn content_type(&self) -> &str {
        self.header("content-type").unwrap_or_default()
    }

    /// Returns where the answer leads on to.
    pub fn location(&self) -> Option<Url> {
        self.address.join(self.header("location")?).ok()
    }

    /// Returns the JSON object of the body. A byte order mark may be ignored
    /// (RFC 8259 §8.1).
    pub fn object(&self) -> Result<Map<String, Value>, NotAnObject> {
        let text = self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.body);
        match serde_json::from_slice(text).map_err(NotAnObject::NotJson)? {
            Value::Object(members) => Ok(members),
            other => Err(NotAnObject::OtherType(MemberType::of(Some(&other)))),
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

#[cfg(test)]
impl Answer {
    /// An answer with this body, from a made-up address.
    #[expect(clippy::unwrap_used, reason = "the address is one")]
    pub(super) fn sample(body: &str) -> Self {
        let address = Url::parse("https://idp.test/a/b").unwrap();
        Self { address, status: 200, headers: HeaderMap::new(), body: body.as_bytes().to_vec() }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("{\"a\": 1}", "{\"a\":1}")]
    #[case("\u{feff}{}", "{}")]
    #[case("[]", "not an object")]
    #[case("<html>", "expected value at line 1 column 1")]
    fn a_body_is_an_object_or_not(#[case] body: &str, #[case] expected: &str) {
        let found = Answer::sample(body).object();
        assert_eq!(found.map_or_else(|error| error.to_string(), |map| Value::Object(map).to_string()), expected);
    }

    #[test]
    fn a_location_is_relative_to_the_address() {
        let mut answer = Answer::sample("");
        assert_eq!(answer.location(), None);
        answer.headers.insert("location", "c".parse().unwrap());
        assert_eq!(answer.location().unwrap().as_str(), "https://idp.test/a/c");
    }
}
