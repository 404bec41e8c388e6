//! What the discovery document says besides what the other settings make it
//! say.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Members of the discovery document to replace, add or leave out (OIDC
/// Discovery §3). Not for lies, which are quirks and overlays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct DiscoverySettings {
    /// Members to replace or add; `{issuer}` and `{origin}` stand for what
    /// they say.
    pub set: Map<String, Value>,
    /// Members to leave out; they must be there.
    pub remove: Vec<String>,
}
