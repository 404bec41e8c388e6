//! What to change in Immich, or to register at the provider, so that the
//! provider accepts a request that it refuses.

use super::Dialect;

/// Words of a cause, and what to change. The names of settings are those that an
/// administrator sees; the longer words come first.
const REMEDIES: &[(&str, &str)] = &[
    ("wants HTTP Basic", "In Immich: Token endpoint auth method → client_secret_basic."),
    ("wants it in the body", "In Immich: Token endpoint auth method → client_secret_post."),
    ("a client ID that is not registered", "In Immich: Client ID → the client ID that the provider shows."),
    (
        "differs from the registered one",
        "In Immich: Client secret → the client secret that the provider shows; create a new one if it shows none.",
    ),
    ("sent no client secret", "In Immich: Client secret → the client secret that the provider shows."),
    ("as a public client", "In Immich: Client secret → empty. Or make the client confidential at the provider."),
    (
        "a redirect URI that is not registered",
        "At the provider, register https://YOUR-SERVER/auth/login, https://YOUR-SERVER/user-settings and \
         app.immich:///oauth-callback, exactly as written here. If it refuses the last one: In Immich, Mobile redirect \
         URI override → https://YOUR-SERVER/api/oauth/mobile-redirect, and register this URI.",
    ),
    (
        "this provider requires PKCE",
        "Immich uses PKCE only if `code_challenge_methods_supported` of the discovery document lists S256. Configure \
         the provider to list it, or turn off required PKCE for this client.",
    ),
    ("the scope openid", "In Immich: Scope → openid email profile."),
    ("requested a scope", "In Immich: Scope → scopes that the provider supports, such as openid email profile."),
];

/// A setting of sign-in, as the page of settings labels it (2.7.5,
/// `AuthSettings.svelte`); in words where the label is a name in snake case that
/// reads the same.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SettingLabel {
    label: &'static str,
    /// The key in the settings.
    key: &'static str,
}

impl SettingLabel {
    pub(crate) const ISSUER: Self = Self::new("Issuer URL", "issuerUrl");
    pub(crate) const AUTHENTICATION: Self = Self::new("Token endpoint auth method", "tokenEndpointAuthMethod");
    pub(crate) const SIGNING_ALGORITHM: Self = Self::new("id_token_signed_response_alg", "signingAlgorithm");
    pub(crate) const USERINFO_ALGORITHM: Self = Self::new("userinfo_signed_response_alg", "profileSigningAlgorithm");
    pub(crate) const SCOPE: Self = Self::new("Scope", "scope");
    pub(crate) const HTTP: Self = Self::new("Allow insecure requests", "allowInsecureRequests");
    pub(crate) const APP_REDIRECT: Self = Self::new("Mobile redirect URI override", "mobileRedirectUri");
    pub(crate) const END_SESSION: Self = Self::new("end_session_endpoint", "endSessionEndpoint");
    pub(crate) const TIMEOUT: Self = Self::new("Request Timeout", "timeout");
    pub(crate) const ENABLED: Self = Self::new("Login with OAuth", "enabled");
    pub(crate) const AUTO_REGISTER: Self = Self::new("Auto Register", "autoRegister");
    pub(crate) const CLIENT_ID: Self = Self::new("Client ID", "clientId");
    pub(crate) const CLIENT_SECRET: Self = Self::new("Client secret", "clientSecret");

    const ALL: &[Self] = &[
        Self::ISSUER,
        Self::AUTHENTICATION,
        Self::SIGNING_ALGORITHM,
        Self::USERINFO_ALGORITHM,
        Self::SCOPE,
        Self::HTTP,
        Self::APP_REDIRECT,
        Self::END_SESSION,
        Self::TIMEOUT,
        Self::ENABLED,
        Self::AUTO_REGISTER,
        Self::CLIENT_ID,
        Self::CLIENT_SECRET,
    ];

    const fn new(label: &'static str, key: &'static str) -> Self {
        Self { label, key }
    }

    /// Returns what to enter, without a full stop: a person copies the value.
    pub(crate) fn to(self, value: &str) -> String {
        format!("In Immich: {} → {value}", self.label)
    }
}

/// Returns what to change by the names that a server of this dialect has.
pub(crate) fn in_words_of(dialect: &Dialect, change: &str) -> String {
    if dialect.is_immichs() {
        return change.to_owned();
    }
    SettingLabel::ALL.iter().fold(change.to_owned(), |text, label| {
        let own = format!("In the server's settings: {} →", dialect.sign_in_setting(label.key));
        text.replace(&format!("In Immich: {} →", label.label), &own)
    })
}

/// Returns what to change, by the cause of a refusal.
pub(crate) fn remedy(cause: &str) -> Option<&'static str> {
    REMEDIES.iter().find(|(words, _)| cause.contains(words)).map(|(_, remedy)| *remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_leads_to_a_setting() {
        let cause = "The client sent its secret in the body; this provider wants HTTP Basic.";
        assert_eq!(remedy(cause), Some("In Immich: Token endpoint auth method → client_secret_basic."));
        assert_eq!(remedy("The client sent the code after the code had expired."), None);
    }
}
