//! The kinds of secrets and their labels. [`super::names`] lists the fields that
//! hold them.

/// What a secret is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretKind {
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

impl SecretKind {
    pub(super) const fn name(self) -> &'static str {
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

    /// How it stands in a sentence.
    pub fn words(self) -> String {
        let name = self.name();
        match self {
            Self::ApiKey | Self::ClientSecret | Self::RunSecret => format!("the {name}"),
            Self::ServersClientSecret => format!("the {}", Self::ClientSecret.name()),
            Self::AccessToken => format!("an {name}"),
            Self::Credentials => name.to_owned(),
            Self::Session => "the token of a session".to_owned(),
            Self::Signature => "a signed token".to_owned(),
            _ => format!("a {name}"),
        }
    }

    /// What stands for the secret with this number, from 1. Where there is one
    /// as a rule, the first has no number.
    pub(super) fn label(self, number: usize) -> String {
        let is_single = matches!(self, Self::ApiKey | Self::ClientSecret | Self::ServersClientSecret | Self::RunSecret);
        let name = self.name();
        if is_single && number == 1 { format!("[{name}]") } else { format!("[{name} {number}]") }
    }

    /// What stands for all those of other plays.
    pub(super) fn label_of_others(self) -> String {
        format!("[{} of another test]", self.name())
    }

    /// What stands for all those of a play that are too many, or too long, to
    /// be remembered.
    pub(super) fn label_of_further(self) -> String {
        format!("[further {}]", self.name())
    }
}
