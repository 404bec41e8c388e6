//! `oidc-harness restore`.

use std::path::PathBuf;

use clap::Args;

use super::api_key::{KeySource, read_key};
use super::dialect_file::DialectFile;
use super::output::{UsageProblem, fail, tell};
use super::target::client;
use crate::exit_code::ExitCode;
use crate::guard::{journal_path, restore, restore_without_journal};
use crate::immich::{Immich, RestartCommand};
use crate::runner::RunError;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The server
    #[arg(long, value_name = "URL", env = "OIDC_HARNESS_TARGET")]
    target: String,
    #[command(flatten)]
    key: KeySource,
    /// A file with the API key of the killed run, if it no longer works
    ///
    /// The key decrypts the journal.
    #[arg(long, value_name = "FILE", env = "OIDC_HARNESS_SEALING_KEY_FILE")]
    sealing_key_file: Option<PathBuf>,
    /// PEM file with the CA certificate of the server
    #[arg(long, value_name = "FILE", env = "OIDC_HARNESS_CA")]
    ca: Option<PathBuf>,
    #[command(flatten)]
    dialect: DialectFile,
    /// Restart the server with this command after restoring its file
    ///
    /// For a server that reads its file only when it starts.
    #[arg(long, value_name = "COMMAND", env = "OIDC_HARNESS_RESTART_COMMAND")]
    restart_command: Option<String>,
    /// Restore the settings even if they changed after the run
    ///
    /// Lists the settings that the server no longer has.
    #[arg(long)]
    force: bool,
    /// Leave the run's accounts on a server that cannot delete accounts
    #[arg(long, env = "OIDC_HARNESS_LEAVE_ACCOUNTS")]
    leave_accounts: bool,
    /// Restore the server's default settings, if the journal is lost
    ///
    /// Sets OAuth and password login to the defaults, if they still have the
    /// values of a run, and deletes the accounts of runs.
    #[arg(long, conflicts_with = "force")]
    to_defaults: bool,
    /// The journal of the run, if it is not in the default folder
    #[arg(long, value_name = "FILE", env = "OIDC_HARNESS_JOURNAL")]
    journal: Option<PathBuf>,
}

pub(super) async fn execute(arguments: Arguments) -> ExitCode {
    let key = match arguments.key.read() {
        Ok(key) => key,
        Err(problem) => return problem.fail(),
    };
    let sealing_key =
        match arguments.sealing_key_file.as_deref().map(|file| read_key("sealing-key-file", Some(file))).transpose() {
            Ok(sealing_key) => sealing_key.unwrap_or_else(|| key.clone()),
            Err(problem) => return problem.fail(),
        };
    let client = match client(arguments.ca.as_deref()) {
        Ok(client) => client,
        Err(problem) => return problem.fail(),
    };
    let dialect = match arguments.dialect.read() {
        Ok(dialect) => dialect,
        Err(problem) => return problem.fail(),
    };
    let target = match Immich::new(client, &arguments.target, key) {
        Ok(target) => target.with_dialect(dialect).with_restart(arguments.restart_command.map(RestartCommand::new)),
        Err(error) => return UsageProblem::from(error).fail(),
    };
    let path = match journal_path(arguments.journal, target.origin()) {
        Ok(path) => path,
        Err(error) => return UsageProblem::from(error).fail(),
    };
    let restored = if arguments.to_defaults {
        restore_without_journal(&target, &path, &sealing_key).await.map(Some)
    } else {
        restore(&target, &path, &sealing_key, arguments.force, arguments.leave_accounts).await
    };
    match restored {
        Ok(Some(restored)) => {
            tell(&format!("{restored}\n"));
            ExitCode::Good
        }
        Ok(None) => {
            tell(&format!("Nothing to restore: no journal found for {}\n", target.origin()));
            ExitCode::Good
        }
        Err(error) => {
            let error = RunError::from(error);
            fail(&error, error.help().as_deref(), ExitCode::Unreachable)
        }
    }
}
