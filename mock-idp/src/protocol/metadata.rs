//! Provider metadata (OIDC Discovery §3).

use serde_json::{Map, Value, json};

use crate::issuer::State;
use crate::jose::Algorithm;
use crate::settings::{ClientAuthentication, Pkce};

/// What an honest provider says about itself.
pub(crate) fn metadata(issuer: &State) -> Map<String, Value> {
    let settings = issuer.settings();
    let base = issuer.url.trim_end_matches('/');
    let methods: Vec<ClientAuthentication> = match issuer.client.secret {
        Some(_) => settings.client_authentication.clone(),
        None => vec![ClientAuthentication::None],
    };
    let algorithms: Vec<&str> = Algorithm::ALL.iter().map(|algorithm| algorithm.name()).collect();
    let mut members = json!({
        "issuer": issuer.url,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "userinfo_endpoint": format!("{base}/userinfo"),
        "jwks_uri": format!("{base}/jwks"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algorithms,
        "scopes_supported": ["openid", "email", "profile"],
        "token_endpoint_auth_methods_supported": methods,
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "email", "email_verified", "name", "preferred_username"],
        "authorization_response_iss_parameter_supported": settings.authorization_response_iss,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": settings.session_ids,
    });
    if settings.pkce != Pkce::NotSupported {
        members["code_challenge_methods_supported"] = json!(["S256"]);
    }
    if settings.end_session {
        members["end_session_endpoint"] = format!("{base}/end-session").into();
    }
    if let Some(algorithm) = settings.userinfo_signing_algorithm {
        members["userinfo_signing_alg_values_supported"] = json!([algorithm.name()]);
    }
    match members {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
