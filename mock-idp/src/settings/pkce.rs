//! Proof Key for Code Exchange, from the provider's side (RFC 7636).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the provider makes of PKCE (RFC 7636).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Pkce {
    /// Advertised; enforced where a challenge was sent.
    #[default]
    Supported,
    /// Advertised; requests without a challenge are refused.
    Required,
    /// Not advertised; challenges and verifiers are ignored.
    NotSupported,
}
