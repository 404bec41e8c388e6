//! How a client proves who it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a client proves who it is at the token endpoint (OIDC Core §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// Secret in the form body.
    ClientSecretPost,
    /// Secret in the `Authorization` header.
    ClientSecretBasic,
    /// No secret: a public client.
    None,
}
