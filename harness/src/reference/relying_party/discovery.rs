//! Fetching what the provider says about itself. Never cached: a change at
//! the provider acts at once.

use reqwest::Method;
use serde_json::Value;

use super::request::RelyingParty;
use crate::reference::message::{Metadata, Purpose};
use crate::reference::reply::Refusal;

impl RelyingParty<'_> {
    /// The provider's metadata, if it is the configured provider's.
    pub async fn discover(&self) -> Result<Metadata, Refusal> {
        let configured = self.setting("issuerUrl").trim();
        let rules = &self.rules.discovery;
        let found = if rules.failures_kept && self.server.store().failed_providers.contains(configured) {
            Err("the provider failed before".to_owned())
        } else {
            self.metadata(configured).await
        };
        found.map_err(|reason| {
            if rules.failure_ends_sessions {
                self.server.store().sessions.clear();
            }
            if rules.failures_kept {
                self.server.store().failed_providers.insert(configured.to_owned());
            }
            Refusal(500, format!("Error in OAuth discovery: {reason}"))
        })
    }

    /// The same, or why not.
    async fn metadata(&self, configured: &str) -> Result<Metadata, String> {
        let rules = &self.rules.discovery;
        let url = (rules.url)(configured);
        if url.starts_with("http:") && !(rules.insecure)(&self.settings) {
            return Err("only requests to HTTPS are allowed".into());
        }
        let request = self.ask(Method::GET, &url, Purpose::Discovery);
        let answer = self.fetch(request, Purpose::Discovery).await.map_err(|error| error.to_string())?;
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
        if !(rules.issuer)(configured, metadata.text("issuer")) {
            let issuer = (rules.instead_of_another_issuer)(configured)
                .ok_or("discovered metadata issuer does not match the expected issuer")?;
            metadata.0.insert("issuer".into(), issuer.into());
        }
        Ok(metadata)
    }
}
