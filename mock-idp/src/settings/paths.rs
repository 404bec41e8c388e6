//! Where the endpoints of an issuer are.

use serde::{Deserialize, Serialize};

use crate::protocol::Endpoint;

/// Paths of endpoints: below the issuer or, with a leading slash, below the
/// origin. The path of the discovery document is fixed (OIDC Discovery §4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Paths {
    /// The authorization endpoint.
    pub authorization: String,
    /// The token endpoint.
    pub token: String,
    /// The `UserInfo` endpoint.
    pub userinfo: String,
    /// The JWKS.
    pub jwks: String,
    /// The end-session endpoint.
    pub end_session: String,
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            authorization: "authorize".into(),
            token: "token".into(),
            userinfo: "userinfo".into(),
            jwks: "jwks".into(),
            end_session: "end-session".into(),
        }
    }
}

impl Paths {
    /// Each endpoint and its path below the origin, for an issuer at `base`
    /// (its own path, without a slash at the end).
    pub(crate) fn below(&self, base: &str) -> Vec<(Endpoint, String)> {
        let absolute = |path: &str| if path.starts_with('/') { path.to_owned() } else { format!("{base}/{path}") };
        vec![
            (Endpoint::Discovery, absolute(".well-known/openid-configuration")),
            (Endpoint::Authorization, absolute(&self.authorization)),
            (Endpoint::Token, absolute(&self.token)),
            (Endpoint::UserInfo, absolute(&self.userinfo)),
            (Endpoint::Jwks, absolute(&self.jwks)),
            (Endpoint::EndSession, absolute(&self.end_session)),
            (Endpoint::Picture, absolute("picture")),
            (Endpoint::ForeignKeys, absolute("foreign-keys")),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leading_slash_starts_at_the_origin() {
        let paths = Paths { token: "/oauth/token".into(), jwks: "jwks/".into(), ..Paths::default() };
        let all = paths.below("/realms/a");
        assert!(all.contains(&(Endpoint::Token, "/oauth/token".into())));
        assert!(all.contains(&(Endpoint::Jwks, "/realms/a/jwks/".into())));
        assert!(all.contains(&(Endpoint::Discovery, "/realms/a/.well-known/openid-configuration".into())));
    }
}
