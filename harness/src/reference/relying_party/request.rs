//! Requests to the provider: over TLS or not, what becomes of its certificate,
//! how long they may take and how much of an answer is read. What the answers
//! mean is for others.

use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use url::Url;

use crate::reference::instance::Instance;
use crate::reference::message::{Answer, FetchError, Metadata, Override, Purpose, Trust};
use crate::reference::rules::Rules;
use crate::reference::state::{flag, text};

/// The server as a client of the provider, with the settings of one request.
pub struct RelyingParty<'a> {
    pub(super) server: &'a Instance,
    pub(super) rules: &'a Rules,
    /// Their section on OAuth.
    pub settings: Value,
}

impl<'a> RelyingParty<'a> {
    /// With the settings as they are now.
    pub fn new(server: &'a Instance) -> Self {
        Self { server, rules: &server.rules, settings: server.oauth() }
    }

    /// A setting that is a text; empty if there is none.
    pub(super) fn setting(&self, name: &str) -> &str {
        text(&self.settings, name)
    }

    /// The settings of the mobile override.
    pub(super) fn mobile_override(&self) -> Override<'_> {
        Override { enabled: flag(&self.settings, "mobileOverrideEnabled"), uri: self.setting("mobileRedirectUri") }
    }

    /// The address of an endpoint, unless it is without TLS and that is not
    /// allowed.
    pub(super) fn permitted<'u>(&self, url: &'u str, metadata: &Metadata) -> Option<&'u str> {
        let insecure = Url::parse(url).is_ok_and(|url| url.scheme() == "http");
        let allowed = self.rules.fetch.insecure_endpoints;
        (!insecure || allowed(metadata.text("issuer"), &self.settings)).then_some(url)
    }

    /// A request that looks at the provider's certificate.
    pub(super) fn ask(&self, method: Method, url: &str, purpose: Purpose) -> RequestBuilder {
        let client = match (self.rules.fetch.trust)(purpose, &self.settings) {
            Trust::Verified => &self.server.clients.verifying,
            Trust::Anything => &self.server.clients.indifferent,
            Trust::Nothing => &self.server.clients.stranger,
        };
        client.request(method, url)
    }

    /// Sends a request and reads the answer, both within the timeout setting.
    pub(super) async fn fetch(&self, request: RequestBuilder, purpose: Purpose) -> Result<Answer, FetchError> {
        let timeout = self.settings.get("timeout").and_then(Value::as_u64).unwrap_or(30_000);
        let rules = &self.rules.fetch;
        let request = if (rules.waits_for_ever)(purpose) { request } else { request.timeout((rules.timeout)(timeout)) };
        let mut response = request.send().await?;
        let status = response.status().as_u16();
        let content_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let location = response.headers().get("location").and_then(|value| value.to_str().ok());
        let location = location.and_then(|text| response.url().join(text).ok());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            body.extend_from_slice(&chunk);
            if body.len() > rules.limit {
                return Err(FetchError::TooLong(rules.limit));
            }
        }
        Ok(Answer { status, content_type, location, body })
    }
}
