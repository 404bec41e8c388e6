//! Which settings of a provider can be had together.

use super::{Names, PROTOCOL_CLAIMS, Pkce, ProviderSettings, SettingsError, metadata};

/// What the protocol itself puts into a callback.
const PROTOCOL_PARAMETERS: &[&str] = &["code", "state", "iss", "error", "error_description", "error_uri"];

impl ProviderSettings {
    /// Whether they can be had together.
    pub fn check(&self) -> Result<(), SettingsError> {
        if let Some(claim) = PROTOCOL_CLAIMS.iter().find(|claim| self.further_claims.contains_key(**claim)) {
            return Err(SettingsError::ProtocolClaim((*claim).to_owned()));
        }
        if let Some(name) = PROTOCOL_PARAMETERS.iter().find(|name| self.callback_parameters.contains_key(**name)) {
            return Err(SettingsError::ProtocolParameter((*name).to_owned()));
        }
        if self.client_authentication.is_empty() {
            return Err(SettingsError::Empty("client-authentication"));
        }
        if self.pkce != Pkce::NotSupported && self.code_challenge_methods.is_empty() {
            return Err(SettingsError::Empty("code-challenge-methods"));
        }
        if !cfg!(feature = "tls") && self.jwks_members.iter().any(|member| member.needs_certificate()) {
            return Err(SettingsError::NoCertificates);
        }
        let most = self.key_ids.alphabet.most();
        if !(1..=most).contains(&self.key_ids.length) {
            return Err(SettingsError::KeyIds(most));
        }
        let document = metadata(self, &Names::default(), false);
        document.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    fn with(changes: Value) -> Result<ProviderSettings, SettingsError> {
        let changes = changes.as_object().unwrap().clone();
        let settings = ProviderSettings::default().with(&changes)?;
        settings.check().map(|()| settings)
    }

    #[rstest]
    #[case(json!({"discovery": {"remove": ["nothing"]}}), "`discovery.remove` names `nothing`")]
    #[case(json!({"client-authentication": []}), "`client-authentication` must not be empty")]
    #[case(json!({"code-challenge-methods": []}), "`code-challenge-methods` must not be empty")]
    #[case(json!({"further-claims": {"sub": "a"}}), "`further-claims` cannot set `sub`")]
    #[case(json!({"further-claims": {"at_hash": "a"}}), "`further-claims` cannot set `at_hash`")]
    #[case(json!({"callback-parameters": {"state": "a"}}), "`callback-parameters` cannot set `state`")]
    #[case(json!({"key-ids": {"length": 44}}), "1 to 43 characters")]
    #[case(json!({"key-ids": {"alphabet": "decimal", "length": 0}}), "1 to 32 characters")]
    #[case(json!({"pkce": "sometimes"}), "unknown variant `sometimes`")]
    #[case(json!({"paths": {"tokn": "x"}}), "unknown field `tokn`")]
    fn impossible_settings_are_reported(#[case] changes: Value, #[case] problem: &str) {
        let error = with(changes).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
}
