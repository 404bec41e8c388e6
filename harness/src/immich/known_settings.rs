//! The settings of Immich that scenarios may change, by Immich's own names.

use serde_json::Value;

/// A kind of single values, which a setting takes or an account has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// Text.
    Text,
    /// A number.
    Number,
    /// True or false.
    Switch,
}

impl Scalar {
    /// The words for it in a message.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "a number",
            Self::Switch => "true or false",
        }
    }

    /// How one is written.
    pub const fn example(self) -> &'static str {
        match self {
            Self::Text => "\"…\"",
            Self::Number => "1",
            Self::Switch => "true",
        }
    }

    /// Whether a server can take it.
    pub fn admits(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Number => value.is_number(),
            Self::Switch => value.is_boolean(),
        }
    }
}

/// What depends on a setting that a scenario does not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// The run sets it for its provider.
    Provider,
    /// Only the pages of the server show it, so any value will do.
    Eye,
    /// It changes what the server does.
    Behavior,
}

/// A setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The section of the settings document.
    pub section: &'static str,
    /// The key in it.
    pub name: &'static str,
    /// What it does, for schema and hover text.
    pub text: &'static str,
    /// Whether every Immich-compatible server has to have it.
    pub core: bool,
    /// What it takes.
    pub kind: Scalar,
    /// What depends on it.
    pub concern: Concern,
}

const fn core(name: &'static str, text: &'static str) -> Setting {
    Setting { section: "oauth", name, text, core: true, kind: Scalar::Text, concern: Concern::Behavior }
}

/// Came later, or may go.
const fn late(name: &'static str, text: &'static str) -> Setting {
    Setting { core: false, ..core(name, text) }
}

impl Setting {
    const fn number(self) -> Self {
        Self { kind: Scalar::Number, ..self }
    }

    const fn of_provider(self) -> Self {
        Self { concern: Concern::Provider, ..self }
    }

    const fn for_the_eye(self) -> Self {
        Self { concern: Concern::Eye, ..self }
    }

    const fn switch(self) -> Self {
        Self { kind: Scalar::Switch, ..self }
    }
}

/// All of them.
pub static SETTINGS: &[Setting] = &[
    core("enabled", "Whether end-users can sign in through the provider.").switch().of_provider(),
    core("issuerUrl", "The provider's issuer URL, or the full address of its discovery document.").of_provider(),
    core("clientId", "The client ID at the provider.").of_provider(),
    core("clientSecret", "The client secret at the provider; empty for a public client.").of_provider(),
    core("scope", "The scopes of the authorization request, sent unchanged. Default `openid email profile`."),
    core("buttonText", "The text on the sign-in button. Default `Login with OAuth`.").for_the_eye(),
    core("autoRegister", "Whether the server creates an account for an unknown end-user. Default true.").switch(),
    core("autoLaunch", "Whether the sign-in page redirects to the provider at once, without a button.")
        .switch()
        .for_the_eye(),
    core("mobileOverrideEnabled", "Whether the server replaces the app's redirect URI by `mobileRedirectUri`.")
        .switch(),
    core("mobileRedirectUri", "The redirect URI that replaces the app's."),
    core("storageLabelClaim", "The name of the claim with the account's storage label."),
    core("storageQuotaClaim", "The name of the claim with the account's quota, in GiB."),
    core("defaultStorageQuota", "The quota, in GiB, of accounts whose end-user has no quota claim.").number(),
    core("signingAlgorithm", "The only signing algorithm of ID tokens that the server accepts. Default RS256."),
    late("profileSigningAlgorithm", "The algorithm of signed UserInfo responses, or `none` for plain JSON."),
    late(
        "tokenEndpointAuthMethod",
        "How the server authenticates at the token endpoint: client_secret_post or client_secret_basic.",
    ),
    late("timeout", "How long the server waits for the provider, in milliseconds.").number(),
    late("roleClaim", "The name of the claim with the account's role; `admin` makes it an administrator."),
    late("allowInsecureRequests", "Whether the server accepts a provider whose URLs begin with http.")
        .switch()
        .of_provider(),
    late("prompt", "The `prompt` parameter of the authorization request."),
    late(
        "endSessionEndpoint",
        "The provider's sign-out URL, instead of `end_session_endpoint` of the discovery document.",
    ),
    late("accountManagementUrl", "The page at the provider where end-users manage their account.").for_the_eye(),
    Setting {
        section: "passwordLogin",
        name: "enabled",
        text: "Whether the server offers sign-in with email and password.",
        core: true,
        kind: Scalar::Switch,
        concern: Concern::Behavior,
    },
];

/// One of them.
pub fn setting(section: &str, name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.section == section && setting.name == name)
}
