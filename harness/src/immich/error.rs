//! What can go wrong with a target. [`super::advice`] says what to do about it.

use super::no_answer::NoAnswer;
use super::variable_fault::VariableFault;
use crate::client_limit::ClientLimit;
use crate::plural::counted;

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
