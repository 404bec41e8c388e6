//! The errors of the guard.

use std::path::PathBuf;

use crate::immich::TargetError;

/// Why a step could not be done: the target, or the journal about it.
#[derive(Debug, thiserror::Error)]
pub enum StepFault {
    /// The target.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Only a play that has the server to itself can decide it.
    #[error("{0}, which a test beside others cannot decide")]
    Undecided(&'static str),
}

/// Why there is no journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The disk.
    #[error("the harness cannot write the journal {path}: {reason}")]
    Disk {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// It cannot be taken away, now that all else is done.
    #[error("{done}, but the harness cannot remove the journal {path}: {reason}")]
    Stays {
        /// The file.
        path: PathBuf,
        /// What was done at the server.
        done: String,
        /// What the system says.
        reason: String,
    },
    /// Another run.
    #[error(
        "another run{} is using this server, and has locked the journal {path}",
        .process.map(|id| format!(" (process {id})")).unwrap_or_default()
    )]
    Locked {
        /// The journal that it holds.
        path: PathBuf,
        /// Its process, where the system names it.
        process: Option<u32>,
    },
    /// A file that is not a journal.
    #[error("{0} is not a journal, so the harness did not change it")]
    Foreign(PathBuf),
    /// Another key.
    #[error("the journal {0} is encrypted with another API key")]
    Sealed(PathBuf),
    /// Not as it was written.
    #[error("the journal {0} is damaged")]
    Damaged(PathBuf),
    /// A later version's.
    #[error("the journal {path} has format {format}, which a newer version of the harness wrote")]
    Later {
        /// The file.
        path: PathBuf,
        /// Its format.
        format: u32,
    },
    /// There is something to restore.
    #[error("the journal {0} contains the original settings, so the harness did not set the defaults")]
    Readable(PathBuf),
    /// No folder.
    #[error("there is no folder for the journal: neither HOME nor XDG_STATE_HOME is an absolute path")]
    NoPlace,
}

impl JournalError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Disk { .. } | Self::Foreign(_) => "give another path with --journal FILE",
            Self::Stays { .. } => "remove the file by hand; the server is restored",
            Self::NoPlace => "set HOME, or give a path with --journal FILE",
            Self::Locked { .. } => "wait for that run, or interrupt it: it then restores the server",
            Self::Sealed(_) => {
                "run `oidc-harness restore` with the API key of that run. If this key no longer works, pass a valid \
                 key, and the old key with --sealing-key-file FILE"
            }
            Self::Damaged(_) => {
                "if you have a copy of the file, put it there and run `oidc-harness restore`. Without a copy, run \
                 `oidc-harness restore --to-defaults`: it turns OAuth off, deletes the accounts of runs, and removes \
                 the journal"
            }
            Self::Readable(_) => "run `oidc-harness restore` without --to-defaults: it restores the original settings",
            Self::Later { .. } => "run `oidc-harness restore` of that version",
        }
    }
}
