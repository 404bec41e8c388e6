//! The server that a run judges, as the command line names it: its address, the
//! key, and what may be done to its settings.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::api_key::{self, KeySource};
use super::dialect_file::{self, DialectFile};
use super::flag::{SERVER, at_least_one};
use super::output::{UsageProblem, complain};
use super::report_destination::Own;
use crate::escape::terminal_lines;
use crate::guard::{Consents, Server, journal_path};
use crate::immich::{Access, ApiKey, ConfigurationFile, Dialect, Immich, RestartCommand};
use crate::runner::Event;

/// The variable that names the server.
pub(crate) const TARGET: &str = "OIDC_HARNESS_TARGET";

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(next_help_heading = SERVER)]
pub(super) struct ServerArguments {
    /// The server to test
    // A list only for the message of [`Self::address`], which names what to use
    // instead of a second one.
    #[arg(
        long = "target",
        value_name = "URL",
        default_value = "reference",
        env = TARGET,
        value_delimiter = ','
    )]
    targets: Vec<String>,
    #[command(flatten)]
    key: KeySource,
    /// The file for the write-ahead journal
    #[arg(long, value_name = "FILE", env = "OIDC_HARNESS_JOURNAL", hide_short_help = true)]
    journal: Option<PathBuf>,
    /// Change settings in the server's settings file
    ///
    /// This is the file that `IMMICH_CONFIG_FILE` names, or the file of environment
    /// variables if --dialect names these, as a path on this machine. The run
    /// restores it byte for byte.
    #[arg(
        long,
        value_name = "FILE",
        env = "OIDC_HARNESS_CONFIG_FILE",
        conflicts_with_all = ["fixed_settings", "read_only"]
    )]
    config_file: Option<PathBuf>,
    /// Restart the server with this command after each change of its file
    ///
    /// For a server that reads its file only when it starts. The shell `sh` runs
    /// the command, which must end once the server has stopped or started again.
    #[arg(
        long,
        value_name = "COMMAND",
        env = "OIDC_HARNESS_RESTART_COMMAND",
        requires = "config_file",
        hide_short_help = true
    )]
    restart_command: Option<String>,
    #[command(flatten)]
    dialect: DialectFile,
    /// Play only tests that work with current settings
    ///
    /// The run does not change settings. The provider uses the path of the issuer,
    /// the client ID and the client secret from these settings.
    #[arg(long, env = "OIDC_HARNESS_FIXED_SETTINGS", conflicts_with = "read_only")]
    fixed_settings: bool,
    /// Play only tests that change nothing; no API key
    #[arg(long, env = "OIDC_HARNESS_READ_ONLY")]
    read_only: bool,
    /// How many replicas share the server's address
    ///
    /// After each change of the settings, the run waits until all replicas use it.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        value_parser = at_least_one::<u32>,
        env = "OIDC_HARNESS_REPLICAS",
        hide_short_help = true
    )]
    replicas: u32,
    /// Replace OAuth settings that end-users rely on
    #[arg(long, env = "OIDC_HARNESS_REPLACE_OAUTH_SETTINGS")]
    replace_oauth_settings: bool,
    /// Run even if the server has more than ten accounts
    #[arg(long, env = "OIDC_HARNESS_YES")]
    yes: bool,
    /// Leave the run's accounts on a server that cannot delete accounts
    ///
    /// The run lists them at its end.
    #[arg(long, env = "OIDC_HARNESS_LEAVE_ACCOUNTS", conflicts_with = "read_only", hide_short_help = true)]
    leave_accounts: bool,
    /// Stop with an error if another run is using the server, instead of waiting
    #[arg(long, env = "OIDC_HARNESS_NO_WAIT", hide_short_help = true)]
    no_wait: bool,
}

/// Prints what happens before the first test: for whom a run waits, what it put
/// back of an earlier one, and why sign-in fails where it plays on.
pub(crate) fn tell_of_preparation(event: &Event) {
    match event {
        Event::Waiting(locked) => complain(&format!("waiting: {locked}. This run starts when the other one ends")),
        Event::Restored { server, restored } => {
            complain(&format!("restored: an earlier run at {server} did not finish; {restored}"));
        }
        Event::SignInFails(failure) => complain(&terminal_lines(&format!("warning: {failure}"))),
        _ => {}
    }
}

impl ServerArguments {
    /// Whether a run waits for another one.
    pub(super) const fn wait(&self) -> bool {
        !self.no_wait
    }

    /// The further flags; a key from the environment becomes `--api-key-file FILE`.
    pub(super) fn untyped(&self) -> &'static [&'static str] {
        let is_own = self.targets.iter().all(|target| target == "reference");
        if is_own || self.read_only || self.key.file().is_some() { &[] } else { &["--api-key-file", "FILE"] }
    }

    /// The files that are named here, but for the journal.
    pub(super) fn files(&self) -> impl Iterator<Item = Own> {
        let key = self.key.file().map(|path| ("the API key file", path.to_owned()));
        let file = self.config_file.clone().map(|path| ("the server's configuration file", path));
        let dialect = self.dialect.path().map(|path| ("the dialect", path.to_owned()));
        [key, file, dialect].into_iter().flatten()
    }

    /// The server's address; none for the reference server.
    pub(super) fn address(&self) -> Result<Option<&str>, UsageProblem> {
        match self.targets.as_slice() {
            [one] => Ok(Some(one.as_str()).filter(|one| *one != "reference")),
            targets => Err(UsageProblem {
                text: format!("--target names {} servers, but a run judges one", targets.len()),
                help: Some(
                    "give each server its own run with --shard I/N --report json=FILE, and join the files: \
                     `oidc-harness report a.json b.json`"
                        .into(),
                ),
            }),
        }
    }

    /// The file with the key.
    pub(super) fn key_file(&self) -> Option<&Path> {
        self.key.file().filter(|path| path.as_os_str() != "-")
    }

    /// The dialect of the server.
    pub(super) fn dialect(&self) -> Result<Arc<Dialect>, UsageProblem> {
        self.dialect.read()
    }

    /// The server under test; none means the reference server.
    pub(super) fn server(&self) -> Result<Option<Server>, UsageProblem> {
        let Some(url) = self.address()? else { return self.without_address().map(|()| None) };
        let key = if self.read_only { ApiKey::new("") } else { self.key.read()? };
        let dialect = self.dialect.read()?;
        self.fits(&dialect)?;
        let origin = Immich::origin_of(url)?;
        let access = match &self.config_file {
            Some(path) => {
                let path = std::path::absolute(path).unwrap_or(path.clone());
                let restart = self.restart_command.as_ref().map(RestartCommand::new);
                let file = ConfigurationFile::new(path).with_restart(restart);
                Access::File(file.with_variables(dialect.variables()))
            }
            None if self.fixed_settings => Access::Fixed,
            None if self.read_only => Access::ReadOnly,
            None => Access::Api,
        };
        let journal = match access {
            Access::ReadOnly => PathBuf::new(),
            _ => journal_path(self.journal.clone(), &origin)?,
        };
        let consents = Consents {
            replace_oauth_settings: self.replace_oauth_settings,
            production: self.yes,
            leave_accounts: self.leave_accounts,
        };
        Ok(Some(Server { url: url.to_owned(), key, dialect, access, replicas: self.replicas, journal, consents }))
    }

    /// Refuses a dialect that does not fit the way to the settings.
    fn fits(&self, dialect: &Dialect) -> Result<(), UsageProblem> {
        let changes_settings = !self.fixed_settings && !self.read_only;
        let (text, help) = match (dialect.variables().is_some(), self.config_file.is_none()) {
            (true, true) if changes_settings => (
                "the dialect names environment variables, and no file sets them",
                "give the file that the server starts with as --config-file FILE, or run only the tests that fit the \
                 current settings, with --fixed-settings",
            ),
            (true, false) if self.restart_command.is_none() => (
                "a server reads environment variables only when it starts, and no command restarts it",
                "give --restart-command COMMAND, which restarts the server with the variables of the file",
            ),
            (false, false) if self.dialect.is_given() => (
                "--config-file changes settings by Immich's names, and the dialect names no environment variables",
                "remove --dialect, or name the variables in it, below `[settings.oauth.variables]`",
            ),
            _ => return Ok(()),
        };
        Err(UsageProblem { text: text.to_owned(), help: Some(help.into()) })
    }

    /// Refuses flags that do nothing at the reference server. Those of the
    /// environment may be meant for other runs.
    fn without_address(&self) -> Result<(), UsageProblem> {
        let flags = [
            ("read-only", self.read_only, "OIDC_HARNESS_READ_ONLY"),
            ("fixed-settings", self.fixed_settings, "OIDC_HARNESS_FIXED_SETTINGS"),
            ("leave-accounts", self.leave_accounts, "OIDC_HARNESS_LEAVE_ACCOUNTS"),
            ("replace-oauth-settings", self.replace_oauth_settings, "OIDC_HARNESS_REPLACE_OAUTH_SETTINGS"),
            ("dialect", self.dialect.is_given(), dialect_file::VARIABLE),
            ("config-file", self.config_file.is_some(), "OIDC_HARNESS_CONFIG_FILE"),
            ("api-key-file", self.key.file().is_some(), api_key::FILE),
            ("journal", self.journal.is_some(), "OIDC_HARNESS_JOURNAL"),
        ];
        let ignored = flags.iter().find(|(_, is_given, variable)| *is_given && std::env::var_os(variable).is_none());
        ignored.map_or(Ok(()), |(name, ..)| {
            let help = format!("give --target URL, or remove --{name}");
            Err(UsageProblem { text: format!("--{name} needs the address of a server"), help: Some(help.into()) })
        })
    }
}
