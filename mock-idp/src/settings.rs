//! What honest providers differ in. Deviations are [`crate::quirk`]s.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::jose::Algorithm;

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

/// Where claims about the end-user are placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimsIn {
    /// At the `UserInfo` endpoint only.
    #[default]
    Userinfo,
    /// In the ID token only.
    IdToken,
    /// In both.
    Both,
}

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

/// Honest variation between providers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ProviderSettings {
    /// Client authentication methods that are advertised and accepted.
    pub client_authentication: Vec<ClientAuthentication>,
    /// Algorithm of ID tokens and logout tokens.
    pub signing_algorithm: Algorithm,
    /// Algorithm of `UserInfo` answers; without one they are plain JSON.
    pub userinfo_signing_algorithm: Option<Algorithm>,
    /// Where claims about the end-user are placed.
    pub claims_in: ClaimsIn,
    /// What the provider makes of PKCE.
    pub pkce: Pkce,
    /// The scopes that are granted, whatever was asked for.
    pub scopes_granted: Option<Vec<String>>,
    /// Whether the authorization response names the issuer (RFC 9207).
    pub authorization_response_iss: bool,
    /// Whether there is an end-session endpoint.
    pub end_session: bool,
    /// Whether ID tokens carry a `sid`.
    pub session_ids: bool,
    /// Lifetime of authorization codes, in seconds.
    pub code_lifetime: u32,
    /// Lifetime of ID tokens, in seconds.
    pub id_token_lifetime: u32,
}

impl Default for ProviderSettings {
    fn default() -> Self {
        Self {
            client_authentication: vec![
                ClientAuthentication::ClientSecretPost,
                ClientAuthentication::ClientSecretBasic,
            ],
            signing_algorithm: Algorithm::Rs256,
            userinfo_signing_algorithm: None,
            claims_in: ClaimsIn::Userinfo,
            pkce: Pkce::Supported,
            scopes_granted: None,
            authorization_response_iss: true,
            end_session: true,
            session_ids: true,
            code_lifetime: 60,
            id_token_lifetime: 300,
        }
    }
}
