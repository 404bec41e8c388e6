//! What can go wrong with a target, and what to do about it.

use crate::client_limit::ClientLimit;
use crate::plural::counted;

/// Why the target cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The address is none.
    #[error("`{0}` is not the address of a server")]
    Address(String),
    /// Somebody's name or password in the address.
    #[error("the address of {0} holds a name or password, which nobody would send")]
    Credentials(String),
    /// No answer.
    #[error("{url} does not answer: {reason}")]
    Unreachable {
        /// What was asked for.
        url: String,
        /// Why there was no answer.
        reason: String,
    },
    /// No answer in time.
    #[error("{0} gives no answer in time")]
    TimedOut(String),
    /// It shows a certificate that this machine does not take.
    #[error("the certificate of {url} is not accepted: {reason}")]
    Certificate {
        /// What was asked for.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Plain http is spoken at an address that begins with https.
    #[error("{0} does not speak TLS")]
    NoTls(String),
    /// Somebody else answers.
    #[error("{url} answers {found}, which no Immich-compatible server does")]
    NotImmich {
        /// What was asked for.
        url: String,
        /// What came.
        found: String,
    },
    /// It answers, and nobody can tell what the answer means.
    #[error("the server's {what} cannot be read: {found}")]
    Unreadable {
        /// What was asked for, such as `list of accounts`.
        what: &'static str,
        /// What is wrong with the answer.
        found: String,
    },
    /// The harness itself cannot send the request, or take the answer.
    #[error(transparent)]
    Client(#[from] ClientLimit),
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
    /// Settings do not come from a file.
    #[error("the server takes its settings from no configuration file, so {0} would change nothing")]
    NoConfigurationFile(String),
    /// The file is not the server's.
    #[error("{path} is not the file that the server reads, or not read again: {} differ", .keys.join(", "))]
    AnotherConfigurationFile {
        /// The file.
        path: String,
        /// The settings that the server has otherwise.
        keys: Vec<String>,
    },
    /// The file.
    #[error("the configuration file {path} cannot be used: {reason}")]
    ConfigurationFileFault {
        /// The file.
        path: String,
        /// Why not.
        reason: String,
    },
    /// The file is gone.
    #[error("the configuration file {0} is gone, so it was not put back")]
    ConfigurationFileGone(String),
    /// Settings that do not arrive.
    #[error("the server does not have the settings in force that it was given: {} differ", .0.join(", "))]
    NotInForce(Vec<String>),
    /// Sign-in cannot be judged with these settings.
    #[error("the settings as they are cannot be judged: {0}")]
    FixedSettings(String),
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
    /// The journal is about another server.
    #[error("the journal is about another server, {0}, so nothing was put back")]
    AnotherServer(String),
    /// Somebody changed settings during the run.
    #[error("somebody else changed the settings during the run ({}), so they were not overwritten", .0.join(", "))]
    ChangedByOthers(Vec<String>),
    /// The server has other settings than it had, whatever their values.
    #[error("the server lacks settings that it had before the run, or has new ones: {}", .0.join(", "))]
    OtherSettings(Vec<String>),
    /// The settings read back are not those that were put back.
    #[error("the settings could not be put back as they were: {} differ", .0.join(", "))]
    NotPutBack(Vec<String>),
    /// Accounts that stay.
    #[error("{0} accounts of the run are still there, although they were deleted")]
    NotGone(usize),
    /// Accounts that it does not delete.
    #[error("{accounts} accounts of the run are still there, since the server does not delete them: {reason}")]
    NotDeleted {
        /// How many.
        accounts: usize,
        /// What the server says of one.
        reason: String,
    },
    /// It has what a run made, and no journal of it is here.
    #[error("the server has what a run made: {}", leftovers(*.settings, *.accounts))]
    Leftovers {
        /// Whether its OAuth settings are those of a run.
        settings: bool,
        /// How many accounts are those of a run.
        accounts: usize,
    },
    /// It cannot delete accounts.
    #[error("the server cannot delete accounts: for one that does not exist, it answers {0}")]
    CannotDelete(u16),
    /// It does not show the client secret that it has.
    #[error("the server hides its client secret, so that it could not be put back")]
    HiddenSecret,
    /// Sessions of accounts from before the run that do not end.
    #[error("the run opened a session of {}, which was there before it, and the server did not end it", .0.join(", "))]
    SessionOpen(Vec<String>),
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
    /// Whether the server answered, so that the answer can be judged.
    pub fn is_answer(&self) -> bool {
        matches!(self, Self::Unexpected { .. } | Self::Unreadable { .. } | Self::NotImmich { .. })
    }

    /// Whether the settings are not as the run left them.
    pub fn is_by_others(&self) -> bool {
        matches!(self, Self::ChangedByOthers(_) | Self::OtherSettings(_))
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Address(_) => "give scheme, host and port, such as https://staging.example.org",
            Self::Credentials(_) => {
                "give the address alone: apps sign in without them, so the harness must reach the server without them, too"
            }
            Self::Unreachable { .. } => {
                "see that the server runs and that this machine reaches it; a private CA is given by --ca FILE"
            }
            Self::TimedOut(_) => "look into the server's log: it hangs, or does not reach what it needs",
            Self::Certificate { reason, .. } => certificate_help(reason),
            Self::NoTls(_) => "give the address with http://, or the port at which it speaks TLS",
            Self::NotImmich { .. } => "give the address at which the web page of Immich opens",
            Self::Unreadable { .. } => {
                "compare the answer with that of an Immich server; a proxy in front of the server may have changed it"
            }
            Self::Client(limit) => limit.help(),
            Self::KeyRefused => "make a key under Account Settings > API Keys, and put it into the file, alone",
            Self::NotAdministrator => "make the key as an administrator",
            Self::Permission(_) => "make a key with these permissions, or with all",
            Self::ConfigurationFile => {
                "give that file by --config-file FILE, as this machine sees it: it is put back byte for byte; or judge \
                 what fits the settings as they are, by --fixed-settings"
            }
            Self::NoConfigurationFile(_) => "leave --config-file out: the settings are changed over the API",
            Self::AnotherConfigurationFile { .. } => {
                "give the very file that IMMICH_CONFIG_FILE names inside the server's container; mounted alone, it must \
                 not have been replaced since the server started"
            }
            Self::ConfigurationFileFault { .. } => {
                "see that this machine may read and write it, that the disk has room, and that it holds JSON or YAML"
            }
            Self::ConfigurationFileGone(_) => "`oidc-harness restore --force` makes it again, as it was before the run",
            Self::NotInForce(_) => {
                "where the file is a copy, or several servers share the settings, the change never came there"
            }
            Self::FixedSettings(_) => {
                "turn OAuth on with an issuer at the provider of the harness: --idp-listen ADDR, and --idp-url URL if \
                 the server calls it otherwise; the client's id and secret are taken from the settings"
            }
            Self::NoAdministrator => "open the server in a browser and sign up; the first account is the administrator",
            Self::OAuthInUse(_) => {
                "people who sign in during the run would fail; if that is all right, give --replace-oauth-settings: \
                 the settings are put back afterwards"
            }
            Self::ManyAccounts(_) => "judge a staging server; if this is one, give --yes",
            Self::Clock(_) => "synchronise the clocks",
            Self::Unexpected { .. } => "look into the server's log",
            Self::SettingsRefused(_) => "compare the settings of the scenario with what this server takes",
            Self::AnotherServer(_) => {
                "call `oidc-harness restore` with that address as --target; if it is this very server by another name, \
                 with --force"
            }
            Self::ChangedByOthers(_) => {
                "look at the OAuth settings; `oidc-harness restore --force` puts back those from before the run"
            }
            Self::OtherSettings(_) => {
                "an update of the server may have done that; `oidc-harness restore --force` puts back all that it still \
                 has, and names what it lacks"
            }
            Self::NotPutBack(_) => "look at the OAuth settings, and call `oidc-harness restore` again",
            Self::NotGone(_) => {
                "see that the server's microservices worker runs, which deletes accounts, and call `oidc-harness restore`"
            }
            Self::NotDeleted { .. } => {
                "delete the accounts at `@harness.test` as an administrator, or call `oidc-harness restore` again"
            }
            Self::Leftovers { .. } => {
                "another run may be at work, or was killed and its journal lost; `oidc-harness restore --to-defaults` \
                 switches OAuth off and deletes the accounts"
            }
            Self::CannotDelete(_) => "with --leave-accounts it is judged, and the accounts of the run stay",
            Self::HiddenSecret => {
                "give the file that it takes its settings from by --config-file FILE, or judge what fits the settings as \
                 they are, by --fixed-settings"
            }
            Self::SessionOpen(_) => "end it there: as that user, under Account Settings > Authorized Devices",
            Self::ProviderUntrusted { .. } => {
                "have it trust ca.pem in the folder of --idp-ca, and restart it: a Node server reads the file that \
                 NODE_EXTRA_CA_CERTS names only when it starts"
            }
            Self::ProviderUnreached { message, .. } if message.contains("OAuth is not enabled") => {
                "it was told to a moment ago; where several replicas share the server's address, give --replicas N, and \
                 each change is waited for until all have it"
            }
            Self::ProviderUnreached { issuer, .. } => unreached_help(issuer),
        }
    }
}

/// What a run made, in words.
fn leftovers(settings: bool, accounts: usize) -> String {
    let accounts = match accounts {
        0 => None,
        count => Some(counted(count, "account", "accounts")),
    };
    let settings = settings.then(|| "its OAuth settings".to_owned());
    settings.into_iter().chain(accounts).collect::<Vec<_>>().join(" and ")
}

/// What to do about a certificate, by rustls's word for what is wrong.
fn certificate_help(reason: &str) -> &'static str {
    if reason.starts_with("UnknownIssuer") {
        "give the certificate of the authority that signed it by --ca FILE; the server must send the intermediates along"
    } else if reason.contains("not valid for name") || reason.starts_with("NotValidForName") {
        "call the server by a name that is in its certificate"
    } else if reason.contains("expired") || reason.starts_with("Expired") {
        "have it renewed, and see that this machine's clock is right"
    } else {
        "see what `openssl s_client -connect HOST:PORT` says of it"
    }
}

/// What to do, by the address that the server was given.
fn unreached_help(issuer: &str) -> &'static str {
    let url = url::Url::parse(issuer).ok();
    let loopback = match url.as_ref().and_then(url::Url::host) {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if loopback {
        "that is a loopback address, good for a server on this machine or in a container with the host's network. For \
         a container on a bridge, give --idp-listen 0.0.0.0:9000 --idp-url http://172.17.0.1:9000 (the bridge's \
         gateway, or host.docker.internal); for a server on another machine, --idp-url \
         http://NAME-OF-THIS-MACHINE:9000; issuers over TLS are at the six ports after it"
    } else if url.is_some_and(|url| url.scheme() == "https") {
        "the reverse proxy at that address must hand every path over to where the provider listens, --idp-listen, and \
         the server must resolve its name and trust its certificate"
    } else {
        "try it from where the server runs, inside its container: curl that address. It must resolve the name, a \
         firewall must let it through, and --idp-listen must listen there, such as 0.0.0.0:9000; where only this \
         machine can open connections, forward a port of the server's by ssh -R"
    }
}
