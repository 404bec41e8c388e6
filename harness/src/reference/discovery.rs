//! Fetching what the provider says about itself. Never cached: a change at
//! the provider acts at once.

use serde_json::{Map, Value};

use super::reply::Refusal;
use super::server::Server;

/// A discovery document.
#[derive(Debug, Clone, Default)]
pub(super) struct Metadata(pub(super) Map<String, Value>);

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
        let failed = |reason: &str| Refusal(500, format!("Error in OAuth discovery: {reason}"));
        let configured = settings.get("issuerUrl").and_then(Value::as_str).unwrap_or_default().trim();
        let url = (self.rules.discovery_url)(configured);
        if url.starts_with("http:") && !(self.rules.insecure)(settings) {
            return Err(failed("only requests to HTTPS are allowed"));
        }
        let timeout = settings.get("timeout").and_then(Value::as_u64).unwrap_or(30_000);
        let request = self.client.get(&url).timeout((self.rules.timeout)(timeout));
        let response = request.send().await.map_err(|error| failed(&error.to_string()))?;
        if response.status() != 200 {
            return Err(failed("unexpected HTTP response status code"));
        }
        let document: Value = response.json().await.map_err(|error| failed(&error.to_string()))?;
        let Value::Object(document) = document else { return Err(failed("not an object")) };
        let metadata = Metadata(document);
        if !(self.rules.issuer)(configured, metadata.text("issuer")) {
            return Err(failed("discovered metadata issuer does not match the expected issuer"));
        }
        Ok(metadata)
    }
}
