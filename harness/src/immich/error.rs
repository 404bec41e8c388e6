//! What can go wrong with a target, and what to do about it.

use std::borrow::Cow;

use super::no_answer::NoAnswer;
use super::variable_fault::VariableFault;
use crate::client_limit::ClientLimit;
use crate::plural::counted;

/// What to do if a file is not the one that the server reads.
const ANOTHER_FILE: &str = "give the file that IMMICH_CONFIG_FILE names inside the server's container, or the one that \
                            sets its environment variables. If it is mounted as a single file, it must not have been \
                            replaced since the server started";

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
    #[error("the address of {0} has a user name or password, which clients do not send")]
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
    #[error("{0} does not speak TLS")]
    NoTls(String),
    /// Another program answers.
    #[error("{url} answers {found}; that is not an Immich-compatible server")]
    NotImmich {
        /// What was asked for.
        url: String,
        /// What came.
        found: String,
    },
    /// It answers, but the answer is unclear.
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
    /// The key is that of a user who administers nothing.
    #[error("the API key belongs to an ordinary user, not to an administrator")]
    NotAdministrator,
    /// The key may not do everything.
    #[error("the API key lacks {}", .0.join(", "))]
    Permission(Vec<String>),
    /// Settings come from a file.
    #[error("the server has a configuration file, so the API cannot change its settings")]
    ConfigurationFile,
    /// Settings do not come from a file.
    #[error("the server has no configuration file, so {0} would change nothing")]
    NoConfigurationFile(String),
    /// The file is not the server's.
    #[error("{path} is not the file that the server reads, or the server did not read it again: the server has another value of {}", .keys.join(", "))]
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
    #[error("the configuration file {0} is gone, so it was not restored")]
    ConfigurationFileGone(String),
    /// The server was not restarted.
    #[error("the restart command {0}")]
    Restart(String),
    /// Settings that do not arrive.
    #[error("the server accepted new settings but does not use them: {}", .0.join(", "))]
    NotInForce(Vec<String>),
    /// Sign-in cannot be judged with these settings.
    #[error("the current settings do not allow a run: {0}")]
    FixedSettings(String),
    /// It has no users yet.
    #[error("the server has no administrator yet")]
    NoAdministrator,
    /// People sign in with it.
    #[error("OAuth is in use on this server, with the issuer {0}")]
    OAuthInUse(String),
    /// It looks like the one that people use.
    #[error("the server has {0} accounts, which looks like production")]
    ManyAccounts(usize),
    /// Its clock is wrong, or ours.
    #[error("the clocks of the server and this machine differ by {0} s, so the server would refuse tokens")]
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
    #[error("the journal is for another server, {0}, so nothing was restored")]
    AnotherServer(String),
    /// Settings that the run did not write: of an administrator or another
    /// program, or of the server itself.
    #[error("the settings are not as the run left them ({}), so they were not overwritten", .0.join(", "))]
    ChangedByOthers(Vec<String>),
    /// The server has other settings than it had, whatever their values.
    #[error("the server lacks settings that it had before the run, or has new ones: {}", .0.join(", "))]
    OtherSettings(Vec<String>),
    /// The settings read back are not the restored ones.
    #[error("the settings could not be restored: the server has another value of {}", .0.join(", "))]
    NotPutBack(Vec<String>),
    /// Accounts that stay.
    #[error("the server still lists {0} accounts of the run after their deletion")]
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
    #[error("the server still has traces of a run: {}", leftovers(*.settings, *.accounts))]
    Leftovers {
        /// Whether its OAuth settings are those of a run.
        settings: bool,
        /// How many accounts are those of a run.
        accounts: usize,
    },
    /// It cannot delete accounts.
    #[error("the server cannot delete accounts: it answers {0} for an account that does not exist")]
    CannotDelete(u16),
    /// It does not show the client secret that it has.
    #[error("the server hides its client secret, so the run could not restore it")]
    HiddenSecret,
    /// Sessions of accounts from before the run that do not end.
    #[error("the run opened a session of {}, an account from before the run, and the server did not end it", .0.join(", "))]
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
            Self::Address(_) => "give scheme, host and port, such as https://staging.example.org",
            Self::Page { origin, .. } => return format!("remove the path: {origin}").into(),
            Self::Credentials(_) => {
                "give only the address: apps sign in without a user name, so the harness must reach the server \
                 without one"
            }
            Self::Unreachable { reason, .. } => reason.help(),
            Self::TimedOut(_) => "read the server's log: it hangs, or cannot reach something that it needs",
            Self::Certificate { reason, .. } => certificate_help(reason),
            Self::NoTls(_) => "give the address with http://, or the port for TLS",
            Self::NotImmich { found, .. } if found.contains("html") => {
                "something in front of the server may answer, such as the sign-in page of a proxy (Authelia, \
                 oauth2-proxy): give the address behind it, or let the API through it; otherwise give the address of \
                 Immich's web page"
            }
            Self::NotImmich { found, .. } if found.starts_with("status 5") => {
                "the server, or a proxy in front of it, fails at this request: read its log"
            }
            Self::NotImmich { .. } => "give the address of Immich's web page",
            Self::Unreadable { .. } => {
                "compare the answer with that of an Immich server; a proxy in front of the server may have changed it"
            }
            Self::Client(limit) => limit.help(),
            Self::KeyRefused => {
                "create a key under Account Settings > API Keys as an administrator of this server, and write only the key \
                 into the file"
            }
            Self::NotAdministrator => {
                "sign in as an administrator, create a key under Account Settings > API Keys, and give that one"
            }
            Self::Permission(_) => "create a key with these permissions, or with all",
            Self::ConfigurationFile => {
                "give that file with --config-file FILE, as a path on this machine: the run restores it byte for \
                 byte. Or run only the tests that fit the current settings, with --fixed-settings"
            }
            Self::NoConfigurationFile(_) => "remove --config-file: the run changes the settings over the API",
            Self::AnotherConfigurationFile { .. } => ANOTHER_FILE,
            Self::ConfigurationFileFault { .. } => {
                "check that this machine can read and write it, that the disk has space, and that it is JSON or YAML"
            }
            Self::Variables { fault, .. } => fault.help(),
            Self::ConfigurationFileGone(_) => {
                "run `oidc-harness restore --force`: it writes the file again, as it was before the run"
            }
            Self::Restart(_) => {
                "run the command by hand: it must end with status 0 once the server has stopped or started again"
            }
            Self::NotInForce(_) => {
                "give the file that this server reads, not a copy. If the server reads it only when it starts, give \
                 --restart-command COMMAND. With several servers behind the address, give --replicas N"
            }
            Self::FixedSettings(_) => {
                "set `oauth.issuerUrl` at the server to an address of the harness's provider, and enable OAuth. Choose \
                 that address with --idp-listen, and --idp-url if the server needs another one"
            }
            Self::NoAdministrator => "open the server in a browser and sign up; the first account is the administrator",
            Self::OAuthInUse(_) => {
                "give --replace-oauth-settings if end-users need not sign in during the run; the run restores the \
                 settings afterwards"
            }
            Self::ManyAccounts(_) => "use a staging server; if this is one, give --yes",
            Self::Clock(_) => "synchronise the clocks",
            Self::Unexpected { .. } => "read the server's log",
            Self::SettingsRefused(_) => "compare the settings of the scenario with what this server accepts",
            Self::AnotherServer(_) => {
                "run `oidc-harness restore` with that address as --target. If it is the same server with another \
                 name, add --force"
            }
            Self::ChangedByOthers(_) => {
                "look at the OAuth settings: an administrator or another program changed them, or the server lost a change \
                 or rewrote a setting. `oidc-harness restore --force` puts back those from before the run"
            }
            Self::OtherSettings(_) => {
                "run `oidc-harness restore --force`: it puts back every setting that the server still has, and names the \
                 others. The server was updated since the run began, or it adds and drops settings while it runs"
            }
            Self::NotPutBack(_) => "look at the OAuth settings, and run `oidc-harness restore` again",
            Self::NotGone(_) => {
                "check that the server's microservices worker runs, which deletes accounts, and run `oidc-harness \
                 restore`"
            }
            Self::NotDeleted { .. } => {
                "delete the accounts at `@harness.test` as an administrator, or run `oidc-harness restore` again"
            }
            Self::Leftovers { .. } => {
                "wait if another run is active. If it was killed and its journal is lost, run `oidc-harness restore \
                 --to-defaults`: it disables OAuth and deletes the accounts"
            }
            Self::CannotDelete(_) => "give --leave-accounts: the run goes on, and its accounts stay",
            Self::HiddenSecret => {
                "give its configuration file with --config-file FILE, or run only the tests that fit the current \
                 settings, with --fixed-settings"
            }
            Self::SessionOpen(_) => "end the session as that user, under Account Settings > Authorized Devices",
        };
        help.into()
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
        "give the certificate of the authority that signed it with --ca FILE; the server must also send the \
         intermediates"
    } else if reason.contains("not valid for name") || reason.starts_with("NotValidForName") {
        "give --target a host name that is in the certificate"
    } else if reason.contains("expired") || reason.starts_with("Expired") {
        "renew the certificate, and check this machine's clock"
    } else {
        "run `openssl s_client -connect HOST:PORT` for details"
    }
}
