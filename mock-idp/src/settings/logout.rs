//! Signing out at the provider's will.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the provider's logout tokens name (OIDC Back-Channel Logout §2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LogoutTokens {
    /// Nothing: it sends none, and does not claim to.
    NotSupported,
    /// The end-user, whose sessions all end.
    Sub,
    /// The end-user and the session.
    #[default]
    SubAndSid,
}
