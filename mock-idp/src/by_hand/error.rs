//! Why the provider could not be served, and what to do about it.

use std::path::PathBuf;

use crate::profile::{PROFILES, ProfileError};
use crate::quirk::{Deviations, QuirkError};
use crate::server::{OpenError, StartError};
use crate::settings::SettingsError;
use crate::suggestion::{closest, did_you_mean};
use crate::tls::AuthorityError;

/// Why the provider could not be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A quirk cannot be had.
    #[error(transparent)]
    Quirk(#[from] QuirkError),
    /// A profile cannot be had.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// Its settings cannot.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The file with the end-users cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    UsersFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file does not say who the end-users are.
    #[error("{} is invalid: {}", path.display(), source.to_string().trim_start_matches("TOML parse error at ").trim_end())]
    Users {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        source: toml::de::Error,
    },
    /// The file with the settings is not TOML.
    #[error("{} is invalid: {}", path.display(), source.to_string().trim_start_matches("TOML parse error at ").trim_end())]
    SettingsFile {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        source: toml::de::Error,
    },
    /// The file has no end-users.
    #[error("{} has no end-users", path.display())]
    Nobody {
        /// The file.
        path: PathBuf,
    },
    /// The issuer cannot be at that path.
    #[error("the issuer cannot be at `{path}`: {reason}")]
    IssuerPath {
        /// The path.
        path: String,
        /// Why not.
        reason: String,
    },
    /// No client can use an address like 0.0.0.0.
    #[error("other machines cannot reach the provider at the address {0}")]
    Nameless(std::net::IpAddr),
    /// Others could have codes sent wherever they like.
    #[error("other machines can reach the provider, so it needs registered redirect URIs")]
    RedirectUris,
    /// Others could know the codes beforehand.
    #[error("other machines can reach the provider, so it must not use a seed, which makes codes predictable")]
    Seed,
    /// An empty secret is none.
    #[error("the control secret is empty")]
    EmptySecret,
    /// The certificate authority cannot be had.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// The provider could not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The issuer could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl ServeError {
    /// What to do.
    pub fn help(&self) -> Option<String> {
        let text = match self {
            Self::Quirk(QuirkError::Unknown(name)) => return Some(meant(name, Deviations::known(), "quirks")),
            Self::Profile(ProfileError::Unknown(name)) => {
                return Some(meant(name, PROFILES.iter().copied(), "profiles"));
            }
            Self::Users { .. } | Self::Nobody { .. } => {
                "write each end-user as a table of claims: [alice] and, below it, email = \"alice@example.test\""
            }
            Self::RedirectUris => {
                "register each redirect URI with --redirect-uri; or listen on loopback without --public-url, where the \
                 provider accepts any"
            }
            Self::Authority(error) => error.help(),
            Self::Nameless(_) => {
                "give the address that other machines use, such as --public-url http://192.168.1.20:9000"
            }
            Self::Seed => "remove --seed",
            Self::IssuerPath { .. } => "give a path such as --issuer-path /realms/photos",
            Self::EmptySecret => "omit --secret, so that the provider creates a random secret",
            Self::Start(StartError::Listen { source, .. }) if source.kind() == std::io::ErrorKind::AddrInUse => {
                "another program uses that port; give another one with --listen, such as 127.0.0.1:9001"
            }
            _ => return None,
        };
        Some(text.to_owned())
    }

    /// Whether it is the command line that must change, not the computer.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Start(error) => matches!(error, StartError::PublicUrl { .. }),
            Self::Open(_) => false,
            _ => true,
        }
    }
}

fn meant(name: &str, known: impl Iterator<Item = &'static str>, command: &str) -> String {
    match closest(name, known) {
        Some(known) => did_you_mean(known),
        None => format!("`oidc-harness list {command}` lists all {command}"),
    }
}
