//! The kinds of secrets, and the fields that hold them.

/// What a secret is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The administrator's API key.
    ApiKey,
    /// The secret of the OAuth client.
    ClientSecret,
    /// That of the server itself, which its settings held before the run.
    ServersClientSecret,
    /// What the run's own browser shows the provider.
    RunSecret,
    /// A password of an account.
    Password,
    /// The token of a session at the target.
    Session,
    /// An authorization code (RFC 6749 §1.3.1).
    Code,
    /// An access token of the provider (RFC 6749 §1.4).
    AccessToken,
    /// A refresh token of the provider (RFC 6749 §1.5).
    RefreshToken,
    /// A PKCE code verifier (RFC 7636 §4.1).
    Verifier,
    /// The signature of a JWT (RFC 7515 §3).
    Signature,
    /// A cookie whose meaning is not known.
    Cookie,
    /// What an `authorization` header holds.
    Credentials,
    /// Another secret in the server's settings.
    Setting,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::ApiKey => "API key",
            Self::ClientSecret => "client secret",
            Self::ServersClientSecret => "the server's client secret",
            Self::RunSecret => "secret of the run",
            Self::Password => "password",
            Self::Session => "session",
            Self::Code => "code",
            Self::AccessToken => "access token",
            Self::RefreshToken => "refresh token",
            Self::Verifier => "verifier",
            Self::Signature => "signature",
            Self::Cookie => "cookie",
            Self::Credentials => "credentials",
            Self::Setting => "secret setting",
        }
    }

    /// What stands for the secret with this number, from 1. Where there is one
    /// as a rule, the first has no number.
    pub(super) fn label(self, number: usize) -> String {
        let is_single = matches!(self, Self::ApiKey | Self::ClientSecret | Self::ServersClientSecret | Self::RunSecret);
        let name = self.name();
        if is_single && number == 1 { format!("[{name}]") } else { format!("[{name} {number}]") }
    }

    /// What stands for all those of earlier plays.
    pub(super) fn label_of_earlier(self) -> String {
        format!("[{} of an earlier test]", self.name())
    }

    /// What stands for all those of a play that are too many, or too long, to
    /// be remembered.
    pub(super) fn label_of_further(self) -> String {
        format!("[further {}]", self.name())
    }
}

/// Members, parameters, headers and cookies that hold a secret.
const FIELDS: &[(&str, Kind)] = &[
    ("access_token", Kind::AccessToken),
    ("accessToken", Kind::Session),
    ("api_key", Kind::ApiKey),
    ("apiKey", Kind::ApiKey),
    ("authorization", Kind::Credentials),
    ("client_secret", Kind::ClientSecret),
    ("clientSecret", Kind::ClientSecret),
    ("code_verifier", Kind::Verifier),
    ("codeVerifier", Kind::Verifier),
    ("cookie", Kind::Cookie),
    ("immich_access_token", Kind::Session),
    ("immich_oauth_code_verifier", Kind::Verifier),
    ("mock-idp-secret", Kind::RunSecret),
    ("newPassword", Kind::Password),
    ("password", Kind::Password),
    ("proxy-authorization", Kind::Credentials),
    ("refresh_token", Kind::RefreshToken),
    ("set-cookie", Kind::Cookie),
    ("x-api-key", Kind::ApiKey),
];

/// Cookies that everybody may see.
const OPEN_COOKIES: &[&str] = &["immich_auth_type", "immich_is_authenticated", "immich_oauth_state"];

/// What the field of that name holds, if it is secret.
pub(super) fn of_field(name: &str) -> Option<Kind> {
    FIELDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, kind)| *kind)
}

/// The same of a parameter in a query or a form. A member `code` is the code
/// of an error.
pub(super) fn of_parameter(name: &str) -> Option<Kind> {
    if name == "code" { Some(Kind::Code) } else { of_field(name) }
}

/// The same of a cookie.
pub(super) fn of_cookie(name: &str) -> Option<Kind> {
    if OPEN_COOKIES.contains(&name) { None } else { Some(of_field(name).unwrap_or(Kind::Cookie)) }
}

/// Whether a key of a settings document holds a secret.
pub(super) fn is_secret_setting(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["secret", "password", "token", "apikey"].iter().any(|end| key.ends_with(end))
}
