//! What can go wrong with a target, and what to do about it.

use super::JournalError;

/// Why the target cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The address is none.
    #[error("`{0}` is not the address of a server")]
    Address(String),
    /// No answer.
    #[error("{url} does not answer: {reason}")]
    Unreachable {
        /// What was asked for.
        url: String,
        /// Why there was no answer.
        reason: String,
    },
    /// Somebody else answers.
    #[error("{url} answers {found}, which no Immich-compatible server does")]
    NotImmich {
        /// What was asked for.
        url: String,
        /// What came.
        found: String,
    },
    /// The key is not known.
    #[error("the server refuses the API key")]
    KeyRefused,
    /// The key belongs to nobody important.
    #[error("the API key does not belong to an administrator")]
    NotAdministrator,
    /// The key may not do everything.
    #[error("the API key lacks {}", .0.join(", "))]
    Permission(Vec<String>),
    /// Settings come from a file.
    #[error("the server takes its settings from a configuration file, so they cannot be changed over the API")]
    ConfigurationFile,
    /// Nobody signed up yet.
    #[error("the server has no administrator yet")]
    NoAdministrator,
    /// People sign in with it.
    #[error("OAuth is in use on this server: it is set to the issuer {0}")]
    OAuthInUse(String),
    /// It looks like the one that people use.
    #[error("the server has {0} accounts, which looks like production")]
    ManyAccounts(usize),
    /// Its clock is wrong, or ours.
    #[error("the server's clock and this machine's are {0} s apart, so tokens would be refused for their age")]
    Clock(i64),
    /// An answer that nobody expects.
    #[error("{method} {path} was answered with {status}: {message}")]
    Unexpected {
        /// The method.
        method: String,
        /// The path.
        path: String,
        /// The status.
        status: u16,
        /// What the server says.
        message: String,
    },
    /// It does not take the settings of a scenario.
    #[error("the server refuses the settings: {0}")]
    SettingsRefused(String),
    /// Somebody changed settings during the run.
    #[error("somebody else changed the settings during the run ({}), so they were not overwritten", .0.join(", "))]
    ChangedByOthers(Vec<String>),
    /// The settings read back are not those that were put back.
    #[error("the settings could not be put back as they were: {} differ", .0.join(", "))]
    NotPutBack(Vec<String>),
    /// Accounts that stay.
    #[error("{0} accounts of the run are still there, although they were deleted")]
    NotGone(usize),
    /// It does not accept a certificate that it should trust.
    #[error("the server does not accept the certificate of the provider at {issuer}: {message}")]
    ProviderUntrusted {
        /// The issuer that it was given.
        issuer: String,
        /// What the server says.
        message: String,
    },
    /// It does not come to the provider.
    #[error("the server did not reach the provider at {issuer}: {message}")]
    ProviderUnreached {
        /// The issuer that it was given.
        issuer: String,
        /// What the server says.
        message: String,
    },
}

impl TargetError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Address(_) => "give scheme, host and port, such as https://staging.example.org",
            Self::Unreachable { .. } => {
                "see that the server runs and that this machine reaches it; a private CA is given by --ca FILE"
            }
            Self::NotImmich { .. } => "give the address at which the web page of Immich opens",
            Self::KeyRefused => "make a key under Account Settings > API Keys, and put it into the file, alone",
            Self::NotAdministrator => "make the key as an administrator",
            Self::Permission(_) => "make a key with these permissions, or with all",
            Self::ConfigurationFile => "judge a server that is started without IMMICH_CONFIG_FILE",
            Self::NoAdministrator => "open the server in a browser and sign up; the first account is the administrator",
            Self::OAuthInUse(_) => {
                "people who sign in during the run would fail; if that is all right, give --replace-oauth-settings: \
                 the settings are put back afterwards"
            }
            Self::ManyAccounts(_) => "judge a staging server; if this is one, give --yes",
            Self::Clock(_) => "synchronise the clocks",
            Self::Unexpected { .. } => "look into the server's log",
            Self::SettingsRefused(_) => "compare the settings of the scenario with what this server takes",
            Self::ChangedByOthers(_) => {
                "look at the OAuth settings; `oidc-harness restore --force` puts back those from before the run"
            }
            Self::NotPutBack(_) => "look at the OAuth settings, and call `oidc-harness restore` again",
            Self::NotGone(_) => {
                "see that the server's microservices worker runs, which deletes accounts, and call `oidc-harness restore`"
            }
            Self::ProviderUntrusted { .. } => {
                "have it trust ca.pem in the folder of --idp-ca, and restart it: a Node server reads the file that \
                 NODE_EXTRA_CA_CERTS names only when it starts"
            }
            Self::ProviderUnreached { .. } => {
                "the server must reach that address: where it runs in a container or on another machine, give \
                 --idp-listen 0.0.0.0:PORT and --idp-url http://NAME-OF-THIS-MACHINE:PORT; issuers over TLS are at \
                 the six ports after it"
            }
        }
    }
}

/// Why a step could not be done: the target, or the journal about it.
#[derive(Debug, thiserror::Error)]
pub enum StepFault {
    /// The target.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
}
