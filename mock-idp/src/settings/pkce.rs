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

/// How a challenge is made from a verifier (RFC 7636 §4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum CodeChallengeMethod {
    /// The challenge is the verifier itself.
    #[serde(rename = "plain")]
    Plain,
    /// The challenge is the SHA-256 of the verifier, in base64url.
    S256,
}

impl CodeChallengeMethod {
    /// The registered name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::S256 => "S256",
        }
    }
}
