//! The servers that a run judges, as the command line names them: addresses,
//! keys, and what may be done to their settings.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::api_key::{self, FLAG, read_key};
use super::dialect_file::{self, DialectFile};
use super::flag::{SERVER, at_least_one};
use super::output::{UsageProblem, complain};
use super::report_destination::Own;
use crate::escape::terminal_lines;
use crate::guard::{Consents, Server, journal_path};
use crate::immich::{Access, ApiKey, ConfigurationFile, Dialect, Immich, RestartCommand};
use crate::plural::counted;
use crate::runner::{Event, TargetChoice};

/// The variable that names the server.
pub(crate) const TARGET: &str = "OIDC_HARNESS_TARGET";

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(next_help_heading = SERVER)]
pub(super) struct Servers {
    /// The server to test
    ///
    /// If given several times, the run distributes the tests over these
    /// identical servers.
    #[arg(
        long = "target",
        value_name = "URL",
        default_value = "reference",
        env = TARGET,
        value_delimiter = ','
    )]
    targets: Vec<String>,
    /// A file with an administrator's API key
    ///
    /// `-` reads the key from standard input. Default: the key in
    /// `OIDC_HARNESS_API_KEY`. For several targets, one for all, or one for each
    /// in the same order.
    #[arg(long = "api-key-file", value_name = "FILE", env = api_key::FILE)]
    api_key_files: Vec<PathBuf>,
    /// The file for the write-ahead journal
    ///
    /// For several targets, one for each in the same order.
    #[arg(long = "journal", value_name = "FILE", env = "OIDC_HARNESS_JOURNAL", hide_short_help = true)]
    journals: Vec<PathBuf>,
    /// Change settings in the server's file
    ///
    /// The file of `IMMICH_CONFIG_FILE`, as a path on this machine. The run
    /// restores it byte for byte. For several targets, one for each in the same
    /// order.
    #[arg(
        long = "config-file",
        value_name = "FILE",
        env = "OIDC_HARNESS_CONFIG_FILE",
        conflicts_with_all = ["fixed_settings", "read_only", "dialect"]
    )]
    config_files: Vec<PathBuf>,
    /// Restart the server by this command after each change of its file
    ///
    /// For a server that reads its file only when it starts. The shell `sh` runs
    /// the command, which must end once the server has stopped or started again.
    /// For several targets, one for each in the same order.
    #[arg(
        long = "restart-command",
        value_name = "COMMAND",
        env = "OIDC_HARNESS_RESTART_COMMAND",
        requires = "config_files",
        hide_short_help = true
    )]
    restart_commands: Vec<String>,
    #[command(flatten)]
    dialect: DialectFile,
    /// Play only what fits the present settings
    ///
    /// The run does not change settings. The provider uses the path of the
    /// server's issuer, and its client's id and secret.
    #[arg(long, env = "OIDC_HARNESS_FIXED_SETTINGS", conflicts_with = "read_only")]
    fixed_settings: bool,
    /// Play the few tests that change nothing; no key
    #[arg(long, env = "OIDC_HARNESS_READ_ONLY")]
    read_only: bool,
    /// How many replicas share the server's address
    ///
    /// After each change, the run waits until their answers show it.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        value_parser = at_least_one::<u32>,
        env = "OIDC_HARNESS_REPLICAS",
        hide_short_help = true
    )]
    replicas: u32,
    /// Replace OAuth settings that are in use
    #[arg(long, env = "OIDC_HARNESS_REPLACE_OAUTH_SETTINGS")]
    replace_oauth_settings: bool,
    /// Run at a server with more than ten accounts
    #[arg(long, env = "OIDC_HARNESS_YES")]
    yes: bool,
    /// Leave the run's accounts on a server that cannot delete any
    ///
    /// The run names them at the end.
    #[arg(long, env = "OIDC_HARNESS_LEAVE_ACCOUNTS", conflicts_with = "read_only", hide_short_help = true)]
    leave_accounts: bool,
    /// End if another run is using the server, instead of waiting for it
    #[arg(long, env = "OIDC_HARNESS_NO_WAIT", hide_short_help = true)]
    no_wait: bool,
}

/// Prints what happens before the first test: for whom a run waits, what it put
/// back of an earlier one, and why sign-in fails where it plays on.
pub(crate) fn tell_of_preparation(event: &Event) {
    match event {
        Event::Waiting(locked) => complain(&format!("waiting: {locked}; this run starts when the other one ends")),
        Event::Restored { server, restored } => {
            complain(&format!("restored: an earlier run at {server} was killed or stopped early; {restored}"));
        }
        Event::SignInFails(failure) => complain(&terminal_lines(&format!("warning: {failure}"))),
        _ => {}
    }
}

impl Servers {
    /// Whether a run waits for another one.
    pub(super) const fn wait(&self) -> bool {
        !self.no_wait
    }

    /// The further flags; a key from the environment becomes `--api-key-file FILE`.
    pub(super) fn untyped(&self) -> &'static [&'static str] {
        let is_own = self.targets.iter().all(|target| target == "reference");
        if is_own || self.read_only || !self.api_key_files.is_empty() { &[] } else { &["--api-key-file", "FILE"] }
    }

    /// The files that are named here, but for journals.
    pub(super) fn files(&self) -> impl Iterator<Item = Own> {
        let keys = self.api_key_files.iter().map(|path| ("the API key file", path.clone()));
        let files = self.config_files.iter().map(|path| ("the server's configuration file", path.clone()));
        keys.chain(files).chain(self.dialect.path().map(|path| ("the dialect", path.to_owned())))
    }

    /// The addresses of servers; none for the reference server.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &str> {
        self.targets.iter().map(String::as_str).filter(|target| *target != "reference")
    }

    /// The files with keys.
    pub(super) fn key_files(&self) -> impl Iterator<Item = &PathBuf> {
        self.api_key_files.iter().filter(|path| path.as_os_str() != "-")
    }

    /// The dialect of all of them.
    pub(super) fn dialect(&self) -> Result<Arc<Dialect>, UsageProblem> {
        self.dialect.read()
    }

    /// The servers under test; none means the reference server.
    pub(super) fn choice(&self) -> Result<Option<TargetChoice>, UsageProblem> {
        let several = self.targets.len() > 1;
        match self.targets.as_slice() {
            [one] if one == "reference" => return self.without_address().map(|()| None),
            targets if targets.iter().any(|target| target == "reference") => {
                let text = "the reference server cannot be combined with other targets; --jobs sets how many run at a \
                            time";
                return Err(text.to_owned().into());
            }
            _ => {}
        }
        let keys = self.keys()?;
        let of_each = |name: &str, given: usize| {
            if given == 0 || given == self.targets.len() {
                Ok(())
            } else {
                let given = self.given(name, given);
                Err(format!("{given}; give one for each, in the same order"))
            }
        };
        of_each("journal", self.journals.len())?;
        of_each("config-file", self.config_files.len())?;
        of_each("restart-command", self.restart_commands.len())?;
        let dialect = self.dialect.read()?;
        let mut servers: Vec<Server> = Vec::new();
        for (index, url) in self.targets.iter().enumerate() {
            let origin = Immich::origin_of(url).map_err(UsageProblem::from)?;
            let access = match self.config_files.get(index) {
                Some(path) => {
                    let path = std::path::absolute(path).unwrap_or(path.clone());
                    let restart = self.restart_commands.get(index).map(RestartCommand::new);
                    Access::File(ConfigurationFile::new(path).with_restart(restart))
                }
                None if self.fixed_settings => Access::Fixed,
                None if self.read_only => Access::ReadOnly,
                None => Access::Api,
            };
            let key = keys.get(index).or(keys.first()).cloned().unwrap_or_else(|| ApiKey::new(""));
            let journal = match access {
                Access::ReadOnly => PathBuf::new(),
                _ => journal_path(self.journals.get(index).cloned(), &origin)?,
            };
            let consents = Consents {
                replace_oauth_settings: self.replace_oauth_settings,
                production: self.yes,
                leave_accounts: self.leave_accounts,
            };
            if several && servers.iter().any(|server| server.journal == journal) {
                return Err(format!("{origin} is given twice; --jobs sets how many tests it plays at a time").into());
            }
            let (url, dialect) = (url.clone(), Arc::clone(&dialect));
            servers.push(Server { url, key, dialect, access, replicas: self.replicas, journal, consents });
        }
        Ok(Some(TargetChoice::Servers(servers)))
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
            ("config-file", !self.config_files.is_empty(), "OIDC_HARNESS_CONFIG_FILE"),
            ("api-key-file", !self.api_key_files.is_empty(), api_key::FILE),
            ("journal", !self.journals.is_empty(), "OIDC_HARNESS_JOURNAL"),
        ];
        let ignored = flags.iter().find(|(_, is_given, variable)| *is_given && std::env::var_os(variable).is_none());
        ignored.map_or(Ok(()), |(name, ..)| {
            let help = format!("give --target URL, or remove --{name}");
            Err(UsageProblem { text: format!("--{name} needs the address of a server"), help: Some(help.into()) })
        })
    }

    fn keys(&self) -> Result<Vec<ApiKey>, UsageProblem> {
        if self.read_only {
            return Ok(Vec::new());
        }
        match self.api_key_files.len() {
            0 => Ok(vec![read_key(FLAG, None)?]),
            files if files == 1 || files == self.targets.len() => {
                self.api_key_files.iter().map(|path| read_key(FLAG, Some(path))).collect()
            }
            files => {
                let given = self.given(FLAG, files);
                Err(format!("{given}; give one for all, or one for each in the same order").into())
            }
        }
    }

    fn given(&self, name: &str, files: usize) -> String {
        let targets = counted(self.targets.len(), "target", "targets");
        format!("--{name} is given {} for {targets}", counted(files, "time", "times"))
    }
}
