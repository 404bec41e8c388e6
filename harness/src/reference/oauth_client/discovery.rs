//! Which discovery document counts. Never cached: a change at the provider acts
//! at once.

use super::client::OAuthClient;
use crate::reference::reply::Refusal;
use crate::reference::rules::Purpose;
use crate::relying_party::{Metadata, discover};

impl OAuthClient<'_> {
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
        let found = discover(self.fetcher(Purpose::Discovery), &url, configured).await;
        let found = found.map_err(|error| error.to_string())?;
        if !(rules.status)(found.answer.status) {
            return Err("unexpected HTTP response status code".into());
        }
        if !(rules.content_type)(found.answer.content_type()) {
            return Err("unexpected response content-type".into());
        }
        let mut document = found.document.map_err(|error| error.to_string())?;
        if !(rules.members)(&document.metadata) {
            return Err("invalid response encountered".into());
        }
        if !(rules.issuer)(configured, &document) {
            let issuer = (rules.instead_of_another_issuer)(configured)
                .ok_or("discovered metadata issuer does not match the expected issuer")?;
            document.metadata.0.insert("issuer".into(), issuer.into());
        }
        Ok(document.metadata)
    }
}
