//! The names by which secrets are known: those of OAuth and HTTP stand here,
//! those of the server under test come from its adapter.

use serde_json::{Map, Value};

use super::SecretKind;

/// A server's names for its secrets, and what else its names reveal.
#[derive(Debug, Clone, Copy, Default)]
pub struct ServerNames {
    /// Members, parameters, headers and cookies that hold a secret.
    pub fields: &'static [(&'static str, SecretKind)],
    /// Cookies that are not secret.
    pub open_cookies: &'static [&'static str],
    /// The section of the settings that identifies a settings document.
    pub settings_section: &'static str,
    /// Keys of that section; one of them is enough.
    pub settings_keys: &'static [&'static str],
}

/// Members, parameters, headers and cookies that hold a secret at any server.
const FIELDS: &[(&str, SecretKind)] = &[
    ("access_token", SecretKind::AccessToken),
    ("api_key", SecretKind::ApiKey),
    ("authorization", SecretKind::Credentials),
    ("client_secret", SecretKind::ClientSecret),
    ("code_verifier", SecretKind::Verifier),
    ("cookie", SecretKind::Cookie),
    ("mock-idp-secret", SecretKind::RunSecret),
    ("password", SecretKind::Password),
    ("proxy-authorization", SecretKind::Credentials),
    ("refresh_token", SecretKind::RefreshToken),
    ("set-cookie", SecretKind::Cookie),
];

impl ServerNames {
    /// What the field of that name holds, if it is secret.
    pub(super) fn of_field(&self, name: &str) -> Option<SecretKind> {
        let mut fields = FIELDS.iter().chain(self.fields);
        fields.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, kind)| *kind)
    }

    /// The same of a parameter in a query or a form. A member `code` is the
    /// code of an error.
    pub(super) fn of_parameter(&self, name: &str) -> Option<SecretKind> {
        if name == "code" { Some(SecretKind::Code) } else { self.of_field(name) }
    }

    /// The same of a cookie.
    pub(super) fn of_cookie(&self, name: &str) -> Option<SecretKind> {
        if self.open_cookies.contains(&name) { None } else { Some(self.of_field(name).unwrap_or(SecretKind::Cookie)) }
    }

    /// The same of a key of the settings.
    pub(crate) fn of_setting(&self, key: &str) -> Option<SecretKind> {
        let lower = key.to_ascii_lowercase();
        let is_secret = ["secret", "password", "token", "apikey"].iter().any(|end| lower.ends_with(end));
        let is_of_client = self.of_field(key) == Some(SecretKind::ClientSecret);
        is_secret.then_some(if is_of_client { SecretKind::ServersClientSecret } else { SecretKind::Setting })
    }

    /// Whether settings documents may stand in a text.
    pub(super) fn may_have_settings(&self, text: &str) -> bool {
        !self.settings_section.is_empty() && text.contains(self.settings_section)
    }

    /// Whether an object is the settings of a server.
    pub(super) fn is_settings(&self, object: &Map<String, Value>) -> bool {
        let section = object.get(self.settings_section).and_then(Value::as_object);
        section.is_some_and(|section| self.settings_keys.iter().any(|key| section.contains_key(*key)))
    }
}
