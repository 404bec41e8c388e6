//! A person who can sign in at the provider.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::settings::PROTOCOL_CLAIMS;

/// The header in which a user agent sends the secret of the run.
pub(crate) const SECRET: &str = "mock-idp-secret";

/// The header with the name of the end-user who signs in.
pub(crate) const END_USER: &str = "mock-idp-end-user";

/// The header with the error by which the end-user refuses, such as `access_denied`.
pub(crate) const DENY: &str = "mock-idp-deny";

/// An end-user: a subject and claims about them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct EndUser {
    /// The subject identifier, unique at the issuer (OIDC Core §2).
    pub sub: String,
    /// Everything else that is said of them. Claims about the token itself are
    /// not about an end-user, and are skipped.
    #[serde(default)]
    pub claims: Map<String, Value>,
}

impl EndUser {
    /// The scope that asks for a claim (OIDC Core §5.4); `profile` for claims
    /// of no standard scope, `None` for what tokens say of themselves.
    pub(crate) fn scope_of(claim: &str) -> Option<&'static str> {
        match claim {
            name if PROTOCOL_CLAIMS.contains(&name) => None,
            "email" | "email_verified" => Some("email"),
            "phone_number" | "phone_number_verified" => Some("phone"),
            "address" => Some("address"),
            _ => Some("profile"),
        }
    }

    /// The claims that `scopes` ask for.
    pub fn claims_for(&self, scopes: &[String]) -> Map<String, Value> {
        let has = |scope: &str| scopes.iter().any(|one| one == scope);
        self.claims
            .iter()
            .filter(|(name, _)| Self::scope_of(name).is_some_and(has))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(&["openid"], &[])]
    #[case(&["openid", "email"], &["email"])]
    #[case(&["openid", "profile"], &["name", "immich_role"])]
    fn scopes_decide_claims(#[case] scopes: &[&str], #[case] expected: &[&str]) {
        let claims = json!({"email": "a@b", "name": "A", "immich_role": "admin", "iss": "https://b", "exp": 1});
        let user = EndUser { sub: "s".into(), claims: claims.as_object().unwrap().clone() };
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        assert_eq!(user.claims_for(&scopes).keys().collect::<Vec<_>>(), expected);
    }
}
