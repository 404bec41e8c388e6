//! What the provider metadata (OIDC Discovery §3) says of the settings.

use serde_json::{Map, Value, json};

use super::{LogoutTokens, Pkce, ProviderSettings, SettingsError};
use crate::placeholder::fill;
use crate::protocol::{Algorithm, ClientAuthentication, Endpoint};

/// What an issuer is called.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    /// The issuer identifier.
    pub(crate) issuer: String,
    /// The provider's origin, without a slash at the end.
    pub(crate) origin: String,
    /// The issuer's path below it, without a slash at the end.
    pub(crate) base: String,
    /// The client's id.
    pub(crate) client_id: String,
}

impl Names {
    /// Fills in `{issuer}`, `{origin}` and `{client_id}`.
    pub(crate) fn fill(&self, value: &Value) -> Value {
        let Self { issuer, origin, client_id, .. } = self;
        fill(value, &[("{issuer}", issuer), ("{origin}", origin), ("{client_id}", client_id)])
    }
}

/// What an honest provider says about itself.
///
/// # Errors
/// A member that is to be left out is not there.
pub(crate) fn metadata(
    settings: &ProviderSettings,
    names: &Names,
    public_client: bool,
) -> Result<Map<String, Value>, SettingsError> {
    let methods = if public_client { vec![ClientAuthentication::None] } else { settings.client_authentication.clone() };
    let algorithms: Vec<&str> = Algorithm::ALL.iter().map(|algorithm| algorithm.name()).collect();
    let mut members = Map::new();
    let mut add = |name: &str, value: Value| members.insert(name.to_owned(), value);
    add("issuer", names.issuer.clone().into());
    for (endpoint, path) in settings.paths.below(&names.base) {
        let name = match endpoint {
            Endpoint::Authorization => "authorization_endpoint",
            Endpoint::Token => "token_endpoint",
            Endpoint::UserInfo => "userinfo_endpoint",
            Endpoint::Jwks => "jwks_uri",
            Endpoint::EndSession if settings.end_session => "end_session_endpoint",
            _ => continue,
        };
        add(name, format!("{}{path}", names.origin).into());
    }
    add("response_types_supported", json!(["code"]));
    add("response_modes_supported", json!(["query", "form_post"]));
    add("grant_types_supported", json!(["authorization_code", "refresh_token"]));
    add("subject_types_supported", json!(["public"]));
    add("id_token_signing_alg_values_supported", json!(algorithms));
    if let Some(algorithm) = settings.userinfo_signing_algorithm {
        add("userinfo_signing_alg_values_supported", json!([algorithm.name()]));
    }
    add("scopes_supported", json!(["openid", "email", "profile", "offline_access"]));
    add("token_endpoint_auth_methods_supported", json!(methods));
    if methods.contains(&ClientAuthentication::PrivateKeyJwt) {
        let asymmetric = Algorithm::ALL.iter().filter(|algorithm| !algorithm.is_symmetric());
        let names: Vec<&str> = asymmetric.map(|algorithm| algorithm.name()).collect();
        add("token_endpoint_auth_signing_alg_values_supported", json!(names));
    }
    let claims = ["sub", "iss", "aud", "exp", "iat", "email", "email_verified", "name", "preferred_username"];
    add("claims_supported", json!(claims));
    if settings.pkce != Pkce::NotSupported {
        let methods: Vec<&str> = settings.code_challenge_methods.iter().map(|method| method.name()).collect();
        add("code_challenge_methods_supported", json!(methods));
    }
    // A document without this member accepts them.
    add("request_uri_parameter_supported", false.into());
    add("authorization_response_iss_parameter_supported", settings.authorization_response_iss.into());
    if settings.logout_tokens != LogoutTokens::NotSupported {
        let session = settings.session_ids && settings.logout_tokens == LogoutTokens::SubAndSid;
        add("backchannel_logout_supported", true.into());
        add("backchannel_logout_session_supported", session.into());
    }
    for name in &settings.discovery.remove {
        members.shift_remove(name).ok_or_else(|| SettingsError::NotInDocument(name.clone()))?;
    }
    members.extend(settings.discovery.set.iter().map(|(name, value)| (name.clone(), names.fill(value))));
    Ok(members)
}
