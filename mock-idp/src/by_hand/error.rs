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
    #[error("{} cannot be read: {source}", path.display())]
    UsersFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file does not say who the end-users are.
    #[error("{} does not say who can sign in: {}", path.display(), source.to_string().trim_end())]
    Users {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        source: toml::de::Error,
    },
    /// Nobody could sign in.
    #[error("{} names nobody", path.display())]
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
    /// Nobody can call a provider by the name of every address.
    #[error("others cannot call the provider by the address {0}, on which it would listen")]
    Nameless(std::net::IpAddr),
    /// Others could have codes sent wherever they like.
    #[error("where others can reach the provider, the client's redirect URIs must be named")]
    RedirectUris,
    /// Others could know the codes beforehand.
    #[error("where others can reach the provider, codes must not follow from a seed")]
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
                "each end-user is a table of claims: [alice] and, below it, email = \"alice@example.test\""
            }
            Self::RedirectUris => {
                "give --redirect-uri for each, or listen on loopback without --public-url, where any is taken"
            }
            Self::Authority(error) => error.help(),
            Self::Nameless(_) => "say how they call it, such as --public-url http://192.168.1.20:9000",
            Self::Seed => "leave --seed out",
            Self::EmptySecret => "leave --secret out, and one is made up",
            Self::Start(StartError::Listen { source, .. }) if source.kind() == std::io::ErrorKind::AddrInUse => {
                "another program has that port; give --listen with another one, such as 127.0.0.1:9001"
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
        None => format!("`oidc-harness {command}` lists them all"),
    }
}
