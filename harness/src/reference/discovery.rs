//! Fetching what the provider says about itself. Never cached: a change at
//! the provider acts at once.

use reqwest::Method;
use serde_json::{Map, Value};
use url::Url;

use super::fetch::Purpose;
use super::reply::Refusal;
use super::server::Server;

/// A discovery document.
#[derive(Debug, Clone, Default)]
pub(super) struct Metadata(pub(super) Map<String, Value>);

/// What is decided about discovery documents.
#[derive(Debug, Clone)]
pub(super) struct MetadataRules {
    /// Whether an answer of this status is a document.
    pub(super) status: fn(u16) -> bool,
    /// Whether one may come under this content type.
    pub(super) content_type: fn(&str) -> bool,
    /// Whether the document has what it needs, and nothing that it must not.
    pub(super) members: fn(&Metadata) -> bool,
    /// Where people are sent to sign in, given the member.
    pub(super) authorization_url: fn(&str) -> Option<Url>,
    /// Where codes are redeemed.
    pub(super) token_endpoint: fn(&Metadata) -> String,
    /// Whether all sessions end when the provider fails.
    pub(super) failure_ends_sessions: bool,
    /// The issuer that counts where the document names another than was
    /// configured, if one does.
    pub(super) instead_of_another_issuer: fn(&str) -> Option<String>,
    /// Whether a provider that failed once is never tried again.
    pub(super) failures_kept: bool,
}

impl MetadataRules {
    pub(super) fn honest() -> Self {
        Self {
            status: |status| status == 200,
            // What is JSON shows in the parsing.
            content_type: |_| true,
            // What is needed shows where it is used.
            members: |_| true,
            // Anything else would run in the page that goes there.
            authorization_url: |text| Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https")),
            token_endpoint: |metadata| metadata.text("token_endpoint").to_owned(),
            failure_ends_sessions: false,
            instead_of_another_issuer: |_| None,
            failures_kept: false,
        }
    }
}

impl Metadata {
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.0.get(name) == Some(&Value::Bool(true))
    }

    pub(super) fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }
}

impl Server {
    /// The provider's metadata, if it is the configured provider's.
    pub(super) async fn discover(&self, settings: &Value) -> Result<Metadata, Refusal> {
        let configured = settings.get("issuerUrl").and_then(Value::as_str).unwrap_or_default().trim();
        let kept = self.rules.metadata.failures_kept;
        let found = if kept && self.store().failed_providers.contains(configured) {
            Err("the provider failed before".to_owned())
        } else {
            self.metadata(configured, settings).await
        };
        found.map_err(|reason| {
            if self.rules.metadata.failure_ends_sessions {
                self.store().sessions.clear();
            }
            if kept {
                self.store().failed_providers.insert(configured.to_owned());
            }
            Refusal(500, format!("Error in OAuth discovery: {reason}"))
        })
    }

    /// The same, or why not.
    async fn metadata(&self, configured: &str, settings: &Value) -> Result<Metadata, String> {
        let url = (self.rules.discovery_url)(configured);
        if url.starts_with("http:") && !(self.rules.insecure)(settings) {
            return Err("only requests to HTTPS are allowed".into());
        }
        let request = self.ask(Method::GET, &url, Purpose::Discovery, settings);
        let answer = self.fetch(request, Purpose::Discovery, settings).await.map_err(|error| error.to_string())?;
        let rules = &self.rules.metadata;
        if !(rules.status)(answer.status) {
            return Err("unexpected HTTP response status code".into());
        }
        if !(rules.content_type)(&answer.content_type) {
            return Err("unexpected response content-type".into());
        }
        let document: Value = answer.json().map_err(|error| error.to_string())?;
        let Value::Object(document) = document else { return Err("not an object".into()) };
        let mut metadata = Metadata(document);
        if !(rules.members)(&metadata) {
            return Err("invalid response encountered".into());
        }
        if !(self.rules.issuer)(configured, metadata.text("issuer")) {
            let issuer = (rules.instead_of_another_issuer)(configured)
                .ok_or("discovered metadata issuer does not match the expected issuer")?;
            metadata.0.insert("issuer".into(), issuer.into());
        }
        Ok(metadata)
    }
}
