//! The settings by which the server signs people in with a provider, read for a
//! diagnosis. What a run writes is for [`super::client_settings`].

use std::fmt;

use serde_json::Value;

/// What is known of the settings; a member is none where nothing says it.
#[derive(Clone, Default)]
pub struct SignInSettings {
    /// The issuer URL, as typed.
    pub issuer: Option<String>,
    /// The client's id.
    pub client_id: Option<String>,
    /// The client's secret; empty for a public client.
    pub client_secret: Option<String>,
    /// The scopes that it asks for.
    pub scope: Option<String>,
    /// The only algorithm of ID tokens that it accepts.
    pub signing_algorithm: Option<String>,
    /// The algorithm of signed `UserInfo` answers, or `none`.
    pub userinfo_algorithm: Option<String>,
    /// How the client authenticates.
    pub authentication: Option<String>,
    /// Whether it accepts a provider over plain http; none where the server has
    /// no such setting, and accepts it.
    pub allows_http: Option<bool>,
    /// What replaces the app's redirect URI, if something does.
    pub app_redirect_uri: Option<String>,
    /// The end-session endpoint that replaces the discovered one.
    pub end_session: Option<String>,
    /// How long it waits for the provider, as typed.
    pub timeout: Option<u64>,
    /// Whether it creates accounts.
    pub auto_register: Option<bool>,
    /// The claim with the storage label.
    pub label_claim: Option<String>,
    /// The claim with the storage quota.
    pub quota_claim: Option<String>,
    /// The claim with the role.
    pub role_claim: Option<String>,
}

impl SignInSettings {
    /// Reads them from a settings document.
    pub fn of(document: &Value) -> Self {
        let oauth = &document["oauth"];
        let text = |name: &str| oauth.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
        let flag = |name: &str| oauth.get(name).and_then(Value::as_bool);
        Self {
            issuer: text("issuerUrl"),
            client_id: text("clientId"),
            client_secret: text("clientSecret"),
            scope: text("scope"),
            signing_algorithm: text("signingAlgorithm"),
            userinfo_algorithm: text("profileSigningAlgorithm"),
            authentication: text("tokenEndpointAuthMethod"),
            allows_http: flag("allowInsecureRequests"),
            app_redirect_uri: text("mobileRedirectUri").filter(|_| flag("mobileOverrideEnabled") == Some(true)),
            end_session: text("endSessionEndpoint").filter(|url| !url.is_empty()),
            timeout: oauth.get("timeout").and_then(Value::as_u64),
            auto_register: flag("autoRegister"),
            label_claim: text("storageLabelClaim"),
            quota_claim: text("storageQuotaClaim"),
            role_claim: text("roleClaim"),
        }
    }

    /// Returns those of a fresh server with this client.
    pub fn fresh(issuer: String, client_id: String, client_secret: String) -> Self {
        let text = |value: &str| Some(value.to_owned());
        Self {
            issuer: Some(issuer),
            client_id: Some(client_id),
            client_secret: Some(client_secret),
            scope: text("openid email profile"),
            signing_algorithm: text("RS256"),
            userinfo_algorithm: text("none"),
            authentication: text("client_secret_post"),
            label_claim: text("preferred_username"),
            quota_claim: text("immich_quota"),
            role_claim: text("immich_role"),
            ..Self::default()
        }
    }
}

impl fmt::Debug for SignInSettings {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInSettings").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_override_counts_only_where_it_is_on() {
        let settings = |on: bool| {
            let oauth =
                json!({"mobileOverrideEnabled": on, "mobileRedirectUri": "https://a.test/b", "clientSecret": "hush"});
            SignInSettings::of(&json!({ "oauth": oauth }))
        };
        assert_eq!(settings(true).app_redirect_uri.as_deref(), Some("https://a.test/b"));
        assert_eq!(settings(false).app_redirect_uri, None);
        assert!(!format!("{:?}", settings(true)).contains("hush"));
    }
}
