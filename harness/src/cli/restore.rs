//! `oidc-harness restore`.

use std::path::PathBuf;

use clap::Args;

use super::api_key::{KeySource, read_key};
use super::output::{fail, print};
use super::target::{client, journal_path};
use crate::exit::ExitCode;
use crate::guard::{Journal, restore};
use crate::runner::RunError;
use crate::target::Immich;

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
    /// Puts the settings back even if somebody changed them since.
    #[arg(long)]
    force: bool,
    /// The journal of the run, if it was not in its usual place.
    #[arg(long, value_name = "FILE", env = "OIDC_HARNESS_JOURNAL")]
    journal: Option<PathBuf>,
}

pub(super) async fn execute(arguments: Arguments) -> ExitCode {
    let key = match arguments.key.read() {
        Ok(key) => key,
        Err(problem) => return fail(&problem, None, ExitCode::Usage),
    };
    let sealing_key = match arguments.sealing_key_file.as_deref().map(|file| read_key(Some(file))).transpose() {
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
    let path = journal_path(arguments.journal, target.origin());
    let (journal, unfinished) = match Journal::open(&path, &sealing_key) {
        Ok(opened) => opened,
        Err(error) => return fail(&error, Some(error.help()), ExitCode::Unreachable),
    };
    if unfinished.begun.is_none() {
        print(&format!("nothing to put back: no run left anything at {}\n", target.origin()));
        return match journal.finish() {
            Ok(()) => ExitCode::Good,
            Err(error) => fail(&error, Some(error.help()), ExitCode::Unreachable),
        };
    }
    match restore(&target, journal, unfinished, arguments.force).await {
        Ok(restored) => {
            print(&format!("{restored}\n"));
            ExitCode::Good
        }
        Err(error) => {
            let error = RunError::from(error);
            fail(&error, error.help(), ExitCode::Unreachable)
        }
    }
}
