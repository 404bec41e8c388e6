//! The settings of Immich that scenarios may change, by Immich's own names.

use indexmap::IndexMap;
use serde_json::Value;

/// What kind of value a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// Text.
    Text,
    /// A number.
    Number,
    /// True or false.
    Switch,
}

impl SettingKind {
    /// How people call it.
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
    pub kind: SettingKind,
    /// Why no scenario shows it, where none does.
    pub without: Option<&'static str>,
}

const fn core(name: &'static str, text: &'static str) -> Setting {
    Setting { section: "oauth", name, text, core: true, kind: SettingKind::Text, without: None }
}

/// Came later, or may go.
const fn late(name: &'static str, text: &'static str) -> Setting {
    Setting { core: false, ..core(name, text) }
}

impl Setting {
    const fn number(self) -> Self {
        Self { kind: SettingKind::Number, ..self }
    }

    const fn without(self, reason: &'static str) -> Self {
        Self { without: Some(reason), ..self }
    }

    const fn switch(self) -> Self {
        Self { kind: SettingKind::Switch, ..self }
    }
}

/// All of them.
pub static SETTINGS: &[Setting] = &[
    core("enabled", "Whether sign-in with the provider is offered.").switch(),
    core("issuerUrl", "The issuer, or the full address of its discovery document."),
    core("clientId", "The client's id at the provider."),
    core("clientSecret", "The client's secret; empty for a public client."),
    core("scope", "The scopes asked for, sent as they stand. Default `openid email profile`."),
    core("buttonText", "The text on the button. Default `Login with OAuth`."),
    core("autoRegister", "Whether an unknown end-user gets an account. Default true.").switch(),
    core("autoLaunch", "Whether the sign-in page goes to the provider by itself.").switch(),
    core("mobileOverrideEnabled", "Whether the app's redirect URI is replaced.").switch(),
    core("mobileRedirectUri", "What the app's redirect URI is replaced by."),
    core("storageLabelClaim", "The claim that becomes the storage label."),
    core("storageQuotaClaim", "The claim that becomes the quota, in GiB."),
    core("defaultStorageQuota", "The quota, in GiB, of accounts without such a claim.").number(),
    core("signingAlgorithm", "The only algorithm that ID tokens may be signed with. Default RS256."),
    late("profileSigningAlgorithm", "The algorithm of signed UserInfo answers, or `none`."),
    late("tokenEndpointAuthMethod", "How the client proves who it is: client_secret_post or client_secret_basic."),
    late("timeout", "How long to wait for the provider, in milliseconds.").number(),
    late("roleClaim", "The claim that makes an administrator."),
    late("allowInsecureRequests", "Whether the provider may be reached over plain http.").switch(),
    late("prompt", "The `prompt` parameter of the authorization request."),
    late("endSessionEndpoint", "Where to go after signing out, instead of the discovered endpoint."),
    late("accountManagementUrl", "Where end-users manage their account at the provider.")
        .without("it came after 3.1, and what it does is not known well enough to ask for it"),
    Setting {
        section: "passwordLogin",
        name: "enabled",
        text: "Whether sign-in with email and password is offered.",
        core: true,
        kind: SettingKind::Switch,
        without: None,
    },
];

/// One of them.
pub fn setting(section: &str, name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.section == section && setting.name == name)
}

/// Settings of both sections, each with its own.
pub fn named_settings<'a>(
    oauth: &'a IndexMap<String, Value>,
    password_login: &'a IndexMap<String, Value>,
) -> impl Iterator<Item = (&'static str, &'a String, &'a Value)> {
    let of = |section| move |(key, value)| (section, key, value);
    oauth.iter().map(of("oauth")).chain(password_login.iter().map(of("passwordLogin")))
}
