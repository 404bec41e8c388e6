//! Requests to the provider: over TLS or not, what becomes of its certificate,
//! how long they may take and how much of an answer is read. What the answers
//! mean is for others.

use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::discovery::Metadata;
use super::rules::allows_insecure;
use super::server::Server;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Discovery,
    Token,
    Keys,
    UserInfo,
    Picture,
}

/// What becomes of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// It is verified.
    Verified,
    /// It is not looked at.
    Anything,
    /// It is verified, but the authority that the server was told to trust is
    /// forgotten.
    Nothing,
}

/// What is decided about requests.
#[derive(Debug, Clone)]
pub(super) struct FetchRules {
    /// Whether an answer is waited for beyond the timeout.
    pub(super) waits_for_ever: fn(Purpose) -> bool,
    /// More bytes of an answer are not read, whatever it unpacks to.
    pub(super) limit: usize,
    /// Whether endpoints of that issuer may be reached over http.
    pub(super) insecure_endpoints: fn(&str, &Value) -> bool,
    /// What becomes of the provider's certificate.
    pub(super) trust: fn(Purpose, &Value) -> Trust,
}

impl FetchRules {
    pub(super) fn honest() -> Self {
        Self {
            waits_for_ever: |_| false,
            limit: 1024 * 1024,
            insecure_endpoints: |_, settings| allows_insecure(settings),
            trust: |_, _| Trust::Verified,
        }
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: String,
    /// Where it leads on to.
    pub(super) location: Option<Url>,
    pub(super) body: Vec<u8>,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
}

impl Answer {
    /// The JSON in it; a byte order mark may be ignored (RFC 8259 §8.1).
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.body))
    }
}

impl Server {
    /// The address of an endpoint, unless it is without TLS and that is not
    /// allowed.
    pub(super) fn permitted<'a>(&self, url: &'a str, metadata: &Metadata, settings: &Value) -> Option<&'a str> {
        let insecure = Url::parse(url).is_ok_and(|url| url.scheme() == "http");
        (!insecure || (self.rules.fetch.insecure_endpoints)(metadata.text("issuer"), settings)).then_some(url)
    }

    /// A request that looks at the provider's certificate.
    pub(super) fn ask(&self, method: Method, url: &str, purpose: Purpose, settings: &Value) -> RequestBuilder {
        let client = match (self.rules.fetch.trust)(purpose, settings) {
            Trust::Verified => &self.clients.verifying,
            Trust::Anything => &self.clients.indifferent,
            Trust::Nothing => &self.clients.stranger,
        };
        client.request(method, url)
    }

    /// Sends a request and reads the answer, both within the timeout setting.
    pub(super) async fn fetch(
        &self,
        request: RequestBuilder,
        purpose: Purpose,
        settings: &Value,
    ) -> Result<Answer, FetchError> {
        let timeout = settings.get("timeout").and_then(Value::as_u64).unwrap_or(30_000);
        let request = if (self.rules.fetch.waits_for_ever)(purpose) {
            request
        } else {
            request.timeout((self.rules.timeout)(timeout))
        };
        let mut response = request.send().await?;
        let status = response.status().as_u16();
        let content_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let location = response.headers().get("location").and_then(|value| value.to_str().ok());
        let location = location.and_then(|text| response.url().join(text).ok());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            body.extend_from_slice(&chunk);
            if body.len() > self.rules.fetch.limit {
                return Err(FetchError::TooLong(self.rules.fetch.limit));
            }
        }
        Ok(Answer { status, content_type, location, body })
    }
}
