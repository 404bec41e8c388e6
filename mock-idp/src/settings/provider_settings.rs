//! The settings of a provider, all together. Which of them can be had together
//! is for [`super::consistency`].

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{JwkMember, KeyIds, Paths, PublishedKeys, RedirectMatching, SettingsError};
use crate::protocol::{Algorithm, ClientAuthentication, CodeChallengeMethod};

/// The settings of the provider, in which correct providers differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct ProviderSettings {
    /// The client authentication methods that the provider advertises and
    /// accepts.
    pub client_authentication: Vec<ClientAuthentication>,
    /// Algorithm of ID tokens and logout tokens.
    pub signing_algorithm: Algorithm,
    /// Algorithm of signed `UserInfo` responses; without it, the responses are
    /// plain JSON.
    pub userinfo_signing_algorithm: Option<Algorithm>,
    /// Where the provider puts claims about the end-user.
    pub claims_in: ClaimsIn,
    /// The names of the claims about the end-user in the ID token; overrides
    /// `claims-in`.
    pub id_token_claims: Option<Vec<String>>,
    /// The names of the claims at the `UserInfo` endpoint; overrides
    /// `claims-in`.
    pub userinfo_claims: Option<Vec<String>>,
    /// Audiences of ID tokens beside the client. With this setting, `aud` is
    /// always a list.
    pub further_audiences: Option<Vec<String>>,
    /// Whether ID tokens also name the client in `azp`.
    pub authorized_party: bool,
    /// Whether ID tokens have `at_hash`, the hash of the access token.
    pub access_token_hash: bool,
    /// Claims that every ID token has in addition, the same for all end-users.
    pub further_claims: Map<String, Value>,
    /// How the provider handles PKCE.
    pub pkce: Pkce,
    /// The code challenge methods that the provider accepts.
    pub code_challenge_methods: Vec<CodeChallengeMethod>,
    /// The scopes that the provider grants, whatever the client requests.
    pub scopes_granted: Option<Vec<String>>,
    /// Whether the `UserInfo` endpoint also accepts access tokens without the
    /// scope `openid`.
    pub userinfo_without_openid: bool,
    /// How the provider compares a redirect URI with the registered ones.
    pub redirect_matching: RedirectMatching,
    /// Whether the authorization response names the issuer (RFC 9207).
    pub authorization_response_iss: bool,
    /// Extra parameters of a successful callback (RFC 6749 §4.1.2: clients
    /// ignore them).
    pub callback_parameters: IndexMap<String, String>,
    /// Whether there is an end-session endpoint.
    pub end_session: bool,
    /// Whether ID tokens carry a `sid`.
    pub session_ids: bool,
    /// Whether the provider sends logout tokens, and what they name.
    pub logout_tokens: LogoutTokens,
    /// Where the endpoints are.
    pub paths: Paths,
    /// Which keys the JWKS has.
    pub published_keys: PublishedKeys,
    /// What key IDs look like.
    pub key_ids: KeyIds,
    /// Optional members of the keys in the JWKS.
    pub jwks_members: Vec<JwkMember>,
    /// Whether the JWKS begins with an encryption key, which clients must not
    /// use to verify signatures.
    pub encryption_key: bool,
    /// Changes to the discovery document.
    pub discovery: DiscoverySettings,
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
            id_token_claims: None,
            userinfo_claims: None,
            further_audiences: None,
            authorized_party: false,
            access_token_hash: false,
            further_claims: Map::new(),
            pkce: Pkce::Supported,
            code_challenge_methods: vec![CodeChallengeMethod::S256],
            scopes_granted: None,
            userinfo_without_openid: false,
            redirect_matching: RedirectMatching::Exact,
            authorization_response_iss: true,
            callback_parameters: IndexMap::new(),
            end_session: true,
            session_ids: true,
            logout_tokens: LogoutTokens::SubAndSid,
            paths: Paths::default(),
            published_keys: PublishedKeys::All,
            key_ids: KeyIds::default(),
            jwks_members: vec![JwkMember::Use],
            encryption_key: false,
            discovery: DiscoverySettings::default(),
            code_lifetime: 60,
            id_token_lifetime: 300,
        }
    }
}

impl ProviderSettings {
    /// These with `changes` over them, as files write them; tables are merged,
    /// everything else is replaced.
    pub fn with(&self, changes: &Map<String, Value>) -> Result<Self, SettingsError> {
        let form = |error: serde_json::Error| SettingsError::Form(error.to_string());
        let mut document = serde_json::to_value(self).map_err(form)?;
        for (name, change) in changes {
            lay_over(&mut document[name], change);
        }
        serde_json::from_value(document).map_err(form)
    }
}

fn lay_over(below: &mut Value, above: &Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (name, value) in above {
                lay_over(below.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        (below, above) => below.clone_from(above),
    }
}

/// Members of the discovery document to replace, add or remove (OIDC
/// Discovery §3). For wrong values, use quirks and overlays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct DiscoverySettings {
    /// Members to replace or add; `{issuer}` and `{origin}` are placeholders.
    pub set: Map<String, Value>,
    /// Members to remove; the document must have them.
    pub remove: Vec<String>,
}

/// Where the provider puts claims about the end-user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// How the provider handles PKCE (RFC 7636).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Pkce {
    /// The provider advertises PKCE, and enforces it if the request has a code
    /// challenge.
    #[default]
    Supported,
    /// The provider advertises PKCE, and refuses requests without a code
    /// challenge.
    Required,
    /// The provider does not advertise PKCE, and ignores code challenges and
    /// code verifiers.
    NotSupported,
}

/// What the provider's logout tokens name (OIDC Back-Channel Logout §2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LogoutTokens {
    /// The provider sends no logout tokens, and does not advertise them.
    NotSupported,
    /// Logout tokens name the end-user (`sub`), so all sessions end.
    Sub,
    /// Logout tokens name the end-user (`sub`) and the session (`sid`).
    #[default]
    SubAndSid,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use serde_json::json;

    use super::*;

    #[test]
    fn changes_are_merged_table_by_table() {
        let with = |settings: ProviderSettings, changes: Value| settings.with(changes.as_object().unwrap()).unwrap();
        let first = json!({"paths": {"token": "/t"}, "discovery": {"set": {"a": 1}}});
        let settings = with(ProviderSettings::default(), first);
        let settings = with(settings, json!({"discovery": {"set": {"b": 2}}}));
        assert_eq!((settings.paths.token.as_str(), settings.paths.jwks.as_str()), ("/t", "jwks"));
        assert_eq!(Value::Object(settings.discovery.set), json!({"a": 1, "b": 2}));
    }
}
