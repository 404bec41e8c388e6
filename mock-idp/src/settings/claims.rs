//! Where claims about the end-user are placed, and what else ID tokens say.

use serde_json::{Map, Value};

use super::{ClaimsIn, ProviderSettings};

/// What an ID token says of itself (OIDC Core §2); `further-claims` and the
/// claims of end-users leave it alone.
pub const PROTOCOL_CLAIMS: &[&str] = &["iss", "sub", "aud", "azp", "exp", "iat", "nonce", "at_hash", "sid"];

impl ProviderSettings {
    /// Of the claims that were granted, those in the ID token.
    pub(crate) fn claims_in_id_token(&self, granted: impl FnOnce() -> Map<String, Value>) -> Map<String, Value> {
        placed(granted, self.id_token_claims.as_deref(), self.claims_in != ClaimsIn::Userinfo)
    }

    /// Of the claims that were granted, those at the `UserInfo` endpoint.
    pub(crate) fn claims_in_userinfo(&self, granted: impl FnOnce() -> Map<String, Value>) -> Map<String, Value> {
        placed(granted, self.userinfo_claims.as_deref(), self.claims_in != ClaimsIn::IdToken)
    }
}

/// The claims are asked for only where some of them are wanted.
fn placed(
    granted: impl FnOnce() -> Map<String, Value>,
    only: Option<&[String]>,
    otherwise: bool,
) -> Map<String, Value> {
    match only {
        Some(names) => granted().into_iter().filter(|(claim, _)| names.contains(claim)).collect(),
        None if otherwise => granted(),
        None => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!({}), &[], &["email", "name"])]
    #[case(json!({"claims-in": "id-token"}), &["email", "name"], &[])]
    #[case(json!({"claims-in": "both"}), &["email", "name"], &["email", "name"])]
    #[case(json!({"id-token-claims": ["email"]}), &["email"], &["email", "name"])]
    #[case(json!({"claims-in": "both", "id-token-claims": [], "userinfo-claims": ["name"]}), &[], &["name"])]
    fn claims_are_where_the_settings_say(
        #[case] settings: Value,
        #[case] id_token: &[&str],
        #[case] userinfo: &[&str],
    ) {
        let settings: ProviderSettings = serde_json::from_value(settings).unwrap();
        let granted = || json!({"email": "a@b", "name": "A"}).as_object().unwrap().clone();
        assert_eq!(settings.claims_in_id_token(granted).keys().collect::<Vec<_>>(), id_token);
        assert_eq!(settings.claims_in_userinfo(granted).keys().collect::<Vec<_>>(), userinfo);
    }
}
