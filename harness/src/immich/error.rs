//! What can go wrong with a target, and what to do about it.

use std::borrow::Cow;

use super::no_answer::NoAnswer;
use super::variable_fault::VariableFault;
use crate::client_limit::ClientLimit;
use crate::plural::counted;

/// What to do if a file is not the one that the server reads.
/// Why the target cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The address is none.
    #[error("`{0}` is not the address of a server")]
    Address(String),
    /// The address of a page.
    #[error("`{address}` is the address of a page, not of a server")]
    Page {
        /// What was given.
        address: String,
        /// The server's address in it.
        origin: String,
    },
    /// A user name or password in the address.
    #[error("the address of {0} contains a user name or password, which apps do not send")]
    Credentials(String),
    /// No answer.
    #[error("{url} does not answer: {}", .reason.text())]
    Unreachable {
        /// What was asked for, or the server itself.
        url: String,
        /// Why there was no answer.
        reason: NoAnswer,
    },
    /// No answer in time.
    #[error("{0} does not answer in time")]
    TimedOut(String),
    /// It shows a certificate that this machine does not take.
    #[error("the harness does not accept the certificate of {url}: {reason}")]
    Certificate {
        /// What was asked for.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Plain http is spoken at an address that begins with https.
    #[error("{0} answers without TLS")]
    NoTls(String),
    /// Another program answers.
    #[error("{url} answers {found}, so it is not an Immich-compatible server")]
    NotImmich {
        /// What was asked for.
        url: String,
        /// What came.
        found: String,
    },
    /// It answers, but the answer is unclear.
    #[error("the harness cannot read the server's {what}: {found}")]
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
    /// The key is that of a user who administers nothing.
    #[error("the API key belongs to an ordinary user, not to an administrator")]
    NotAdministrator,
    /// The key may not do everything.
    #[error("the API key lacks {}", .0.join(", "))]
    Permission(Vec<String>),
    /// Settings come from a file.
    #[error("the server reads its settings from a configuration file, so the API cannot change them")]
    ConfigurationFile,
    /// Settings do not come from a file.
    #[error("the server does not read its settings from a file, so changing {0} would have no effect")]
    NoConfigurationFile(String),
    /// The file is not the server's.
    #[error("the server does not use the changed settings in {path}: it still has another value of {}. Either it \
             reads a different file, or it has not read this one again", .keys.join(", "))]
    AnotherConfigurationFile {
        /// The file.
        path: String,
        /// The settings that the server has otherwise.
        keys: Vec<String>,
    },
    /// The file.
    #[error("the harness cannot use the configuration file {path}: {reason}")]
    ConfigurationFileFault {
        /// The file.
        path: String,
        /// Why not.
        reason: String,
    },
    /// The environment variables in the file.
    #[error("the harness cannot use the variables in {path}: {fault}")]
    Variables {
        /// The file.
        path: String,
        /// Why not.
        fault: VariableFault,
    },
    /// The file is gone.
    #[error("the harness did not restore the configuration file {0}, because it no longer exists")]
    ConfigurationFileGone(String),
    /// The server was not restarted.
    #[error("the restart command {0}")]
    Restart(String),
    /// Settings that do not arrive.
    #[error("the server accepted new settings, but does not use them: {}", .0.join(", "))]
    NotInForce(Vec<String>),
    /// Sign-in cannot be judged with these settings.
    #[error("a run is not possible with the server's current settings: {0}")]
    FixedSettings(String),
    /// It has no users yet.
    #[error("the server has no administrator yet")]
    NoAdministrator,
    /// People sign in with it.
    #[error("OAuth is in use on this server, with the issuer {0}")]
    OAuthInUse(String),
    /// It looks like the one that people use.
    #[error("the server has {0} accounts, so it looks like a production server")]
    ManyAccounts(usize),
    /// Its clock is wrong, or ours.
    #[error("the clocks of the server and this machine differ by {0} s, so the server would refuse ID tokens")]
    Clock(i64),
    /// An unexpected answer.
    #[error("the server answers {method} {path} with {status}: {message}")]
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
    #[error("the journal is for another server, {0}, so the harness restored nothing")]
    AnotherServer(String),
    /// Settings that the run did not write: of an administrator or another
    /// program, or of the server itself.
    #[error("the harness did not restore the settings, because they changed after the run: {}", .0.join(", "))]
    ChangedByOthers(Vec<String>),
    /// The server has other settings than it had, whatever their values.
    #[error("the server does not have the same settings as before the run; these are new or missing: {}", .0.join(", "))]
    OtherSettings(Vec<String>),
    /// The settings read back are not the restored ones.
    #[error("the harness could not restore the settings: the server still has another value of {}", .0.join(", "))]
    NotPutBack(Vec<String>),
    /// Accounts that stay.
    #[error("the harness deleted the accounts of the run, but the server still lists {0} of them")]
    NotGone(usize),
    /// Accounts that it does not delete.
    #[error("the server still has {accounts} accounts of the run, because it does not delete them: {reason}")]
    NotDeleted {
        /// How many.
        accounts: usize,
        /// What the server says of one.
        reason: String,
    },
    /// It has what a run made, and no journal of it is here.
    #[error("the server still has settings or accounts of a run: {}", leftovers(*.settings, *.accounts))]
    Leftovers {
        /// Whether its OAuth settings are those of a run.
        settings: bool,
        /// How many accounts are those of a run.
        accounts: usize,
    },
    /// It cannot delete accounts.
    #[error("the server cannot delete accounts: it answers {0} to the deletion of an account that does not exist")]
    CannotDelete(u16),
    /// It does not show the client secret that it has.
    #[error("the server does not show its client secret, so the run could not restore it")]
    HiddenSecret,
    /// Sessions of accounts from before the run that do not end.
    #[error("a test signed in to {}, an account from before the run, and the server did not end this session", .0.join(", "))]
    SessionOpen(Vec<String>),
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
    pub fn help(&self) -> Cow<'static, str> {
        let help = match self {
            Self::Address(_) => "give a scheme and a host, and a port if needed, such as https://staging.example.org",
            Self::Page { origin, .. } => return format!("remove the path: {origin}").into(),
            Self::Credentials(_) => {
                "remove the user name and the password: the harness must reach the server as apps do, without them"
            }
            Self::Unreachable { reason, .. } => reason.help(),
            Self::TimedOut(_) => {
                "look for an error in the server's log: it hangs, or it cannot reach its database or another service"
            }
            Self::Certificate { reason, .. } => certificate_help(reason),
            Self::NoTls(_) => "give the address with http://, or with the port for TLS",
            Self::NotImmich { found, .. } if found.contains("html") => {
                "give the address of Immich's web page. If that is what you gave, a proxy in front of the server may \
                 answer with its own sign-in page (Authelia, oauth2-proxy): give the address behind the proxy, or \
                 configure the proxy to pass API requests"
            }
            Self::NotImmich { found, .. } if found.starts_with("status 5") => {
                "look for the error in the log of the server and of the proxy in front of it"
            }
            Self::NotImmich { .. } => "give the address of Immich's web page",
            Self::Unreadable { .. } => {
                "compare the response with that of an Immich server; a proxy in front of the server may have changed it"
            }
            Self::Client(limit) => limit.help(),
            Self::KeyRefused => {
                "sign in to this server as an administrator, create a key under Account Settings > API Keys, and save \
                 only the key in the file"
            }
            Self::NotAdministrator => {
                "sign in as an administrator, create a key under Account Settings > API Keys, and use this key"
            }
            Self::Permission(_) => "create a key with these permissions, or with all permissions",
            Self::ConfigurationFile => {
                "pass this file with --config-file FILE, as a path on this machine: the run restores it byte for byte. \
                 Or use --fixed-settings to play only the tests that fit the current settings"
            }
            Self::NoConfigurationFile(_)
            | Self::AnotherConfigurationFile { .. }
            | Self::ConfigurationFileFault { .. }
            | Self::ConfigurationFileGone(_)
            | Self::Restart(_) => self.help_with_file(),
            Self::Variables { fault, .. } => fault.help(),
            Self::NotInForce(_) => {
                "pass the file that this server reads, not a copy. If the server reads its file only when it starts, \
                 add --restart-command COMMAND. If several servers share the address, add --replicas N"
            }
            Self::FixedSettings(_) => {
                "at the server, turn OAuth on and set `oauth.issuerUrl` to the address of the harness's provider. \
                 --idp-listen chooses this address; if the server reaches the provider at another address, add \
                 --idp-url"
            }
            Self::NoAdministrator => "open the server in a browser and sign up; the first account is the administrator",
            Self::OAuthInUse(_) => {
                "if no end-user needs to sign in during the run, add --replace-oauth-settings; the run restores the \
                 settings at its end"
            }
            Self::ManyAccounts(_) => "use a staging server; if this is one, add --yes",
            Self::Clock(_) => "synchronize the clocks with NTP",
            Self::Unexpected { .. } => "look for the error in the server's log",
            Self::SettingsRefused(_) => "compare the settings of the scenario with what this server accepts",
            Self::AnotherServer(_) => {
                "run `oidc-harness restore` with the server's address from the journal as --target. If both addresses \
                 belong to the same server, add --force"
            }
            Self::ChangedByOthers(_) => {
                "look at the OAuth settings: an administrator, another program or the server changed them. If you do \
                 not need this change, run `oidc-harness restore --force`: it restores the settings from before the \
                 run"
            }
            Self::OtherSettings(_) => {
                "run `oidc-harness restore --force`: it restores every setting that the server still has, and lists \
                 the others. Perhaps the server was updated since the run began"
            }
            Self::NotPutBack(_) => {
                "compare this setting in the server's settings page, and run `oidc-harness restore` again"
            }
            Self::NotGone(_) => {
                "check that the server's microservices worker is running, which deletes accounts. Then run \
                 `oidc-harness restore`"
            }
            Self::NotDeleted { .. } => {
                "delete the accounts with an email at `@harness.test` as an administrator, or run `oidc-harness \
                 restore` again"
            }
            Self::Leftovers { .. } => {
                "if another run is active, wait for its end. If a run was killed and its journal is lost, run \
                 `oidc-harness restore --to-defaults`: it turns OAuth off and deletes the accounts of runs"
            }
            Self::CannotDelete(_) => "add --leave-accounts: the run goes on, and its accounts stay on the server",
            Self::HiddenSecret => {
                "pass the server's configuration file with --config-file FILE, or use --fixed-settings to play only \
                 the tests that fit the current settings"
            }
            Self::SessionOpen(_) => {
                "sign in as this user, and end the session under Account Settings > Authorized Devices"
            }
        };
        help.into()
    }

    /// What to do about the file that the server reads its settings from.
    const fn help_with_file(&self) -> &'static str {
        match self {
            Self::NoConfigurationFile(_) => "remove --config-file: the run changes the settings over the API",
            Self::ConfigurationFileFault { .. } => {
                "check that this machine can read and write the file, that the disk has free space, and that the file \
                 is JSON or YAML"
            }
            Self::ConfigurationFileGone(_) => {
                "run `oidc-harness restore --force`: it writes the file as it was before the run"
            }
            Self::Restart(_) => {
                "run the command by hand, and look at its output: it must end with status 0 once the server has \
                 stopped or started again"
            }
            _ => {
                "pass the file that IMMICH_CONFIG_FILE names inside the server's container, or the file that sets its \
                 environment variables. If the container mounts it as a single file and you replaced it, restart the \
                 container"
            }
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
        "pass the certificate of the authority that signed it with --ca FILE. The server must also send its \
         intermediate certificates"
    } else if reason.contains("not valid for name") || reason.starts_with("NotValidForName") {
        "use a host name of the certificate in --target"
    } else if reason.contains("expired") || reason.starts_with("Expired") {
        "renew the certificate. If it is still valid, correct this machine's clock"
    } else {
        "run `openssl s_client -connect HOST:PORT`: its output says what is wrong with the certificate"
    }
}
