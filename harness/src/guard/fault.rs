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
    #[error("the journal {path} cannot be written: {reason}")]
    Disk {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// It cannot be taken away, now that all else is done.
    #[error("{done}; but the journal {path} cannot be removed: {reason}")]
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
        "another run{} is using this server: it holds the journal {path}",
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
    #[error("the journal {0} is sealed with another API key")]
    Sealed(PathBuf),
    /// Not as it was written.
    #[error("the journal {0} is damaged")]
    Damaged(PathBuf),
    /// A later version's.
    #[error("the journal {path} has format {format}, from a later version")]
    Later {
        /// The file.
        path: PathBuf,
        /// Its format.
        format: u32,
    },
    /// There is something to restore.
    #[error("the journal {0} contains the original settings, so the harness did not set defaults")]
    Readable(PathBuf),
    /// No folder.
    #[error("no folder for the journal: neither HOME nor XDG_STATE_HOME is an absolute path")]
    NoPlace,
}

impl JournalError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Disk { .. } | Self::Foreign(_) => "give another place with --journal FILE",
            Self::Stays { .. } => "remove the file by hand; everything else is done",
            Self::NoPlace => "set HOME, or give the place with --journal FILE",
            Self::Locked { .. } => "wait for it, or interrupt it: it restores everything",
            Self::Sealed(_) => {
                "run `oidc-harness restore` with the key of that run. If that key no longer works, give a valid one, \
                 and the old one as --sealing-key-file FILE"
            }
            Self::Damaged(_) => {
                "restore the file from a copy and run `oidc-harness restore`. Without a copy, `oidc-harness restore \
                 --to-defaults` disables OAuth, deletes the accounts of runs, and removes the journal"
            }
            Self::Readable(_) => "run `oidc-harness restore` without --to-defaults: it restores the original settings",
            Self::Later { .. } => "run `oidc-harness restore` of that version",
        }
    }
}
