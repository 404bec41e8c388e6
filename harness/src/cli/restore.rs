//! `oidc-harness restore`.

use std::path::PathBuf;

use clap::Args;

use super::api_key::{KeySource, read_key};
use super::output::{fail, print};
use super::target::client;
use crate::exit::ExitCode;
use crate::guard::{journal_path, restore, restore_without_journal};
use crate::immich::Immich;
use crate::runner::RunError;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The server.
    #[arg(long, value_name = "URL", env = "OIDC_HARNESS_TARGET")]
    target: String,
    #[command(flatten)]
    key: KeySource,
    /// A file with the key of the run that is to be put back, if that key does
    /// not work any more: the journal is sealed with it.
    #[arg(long, value_name = "FILE", env = "OIDC_HARNESS_SEALING_KEY_FILE")]
    sealing_key_file: Option<PathBuf>,
    /// A CA certificate, in PEM, that the server's certificate hangs on.
    #[arg(long, value_name = "FILE", env = "OIDC_HARNESS_CA")]
    ca: Option<PathBuf>,
    /// Puts the settings back even if somebody changed them since, but for those
    /// that the server does not have any more, which are named.
    #[arg(long)]
    force: bool,
    /// Where a journal is lost: sets OAuth and password login to the server's
    /// defaults, if they are those of a run, and deletes the accounts of runs.
    #[arg(long, conflicts_with = "force")]
    to_defaults: bool,
    /// The journal of the run, if it was not in its usual place.
    #[arg(long, value_name = "FILE", env = "OIDC_HARNESS_JOURNAL")]
    journal: Option<PathBuf>,
}

pub(super) async fn execute(arguments: Arguments) -> ExitCode {
    let key = match arguments.key.read() {
        Ok(key) => key,
        Err(problem) => return fail(&problem, None, ExitCode::Usage),
    };
    let sealing_key =
        match arguments.sealing_key_file.as_deref().map(|file| read_key("sealing-key-file", Some(file))).transpose() {
            Ok(sealing_key) => sealing_key.unwrap_or_else(|| key.clone()),
            Err(problem) => return fail(&problem, None, ExitCode::Usage),
        };
    let client = match client(arguments.ca.as_deref()) {
        Ok(client) => client,
        Err(problem) => return fail(&problem, None, ExitCode::Usage),
    };
    let target = match Immich::new(client, &arguments.target, key) {
        Ok(target) => target,
        Err(error) => return fail(&error, Some(error.help()), ExitCode::Usage),
    };
    let path = match journal_path(arguments.journal, target.origin()) {
        Ok(path) => path,
        Err(error) => return fail(&error, Some(error.help()), ExitCode::Usage),
    };
    let restored = if arguments.to_defaults {
        restore_without_journal(&target, &path, &sealing_key).await.map(Some)
    } else {
        restore(&target, &path, &sealing_key, arguments.force).await
    };
    match restored {
        Ok(Some(restored)) => {
            print(&format!("{restored}\n"));
            ExitCode::Good
        }
        Ok(None) => {
            print(&format!("nothing to put back: no run left anything at {}\n", target.origin()));
            ExitCode::Good
        }
        Err(error) => {
            let error = RunError::from(error);
            fail(&error, error.help(), ExitCode::Unreachable)
        }
    }
}
