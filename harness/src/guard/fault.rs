//! Why the guard could not do what it was asked to.

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
        "another run is at work on this server{}: it holds the journal {path}",
        .process.map(|id| format!(" (process {id})")).unwrap_or_default()
    )]
    Locked {
        /// The journal that it holds.
        path: PathBuf,
        /// Its process, where the system tells.
        process: Option<u32>,
    },
    /// Somebody's file.
    #[error("{0} is not a journal, so it was left alone")]
    Foreign(PathBuf),
    /// Another key.
    #[error("the journal {0} was written with another API key, which is needed to read it")]
    Sealed(PathBuf),
    /// Not as it was written.
    #[error("the journal {0} is damaged: it is not as it was written")]
    Damaged(PathBuf),
    /// A later version's.
    #[error("the journal {path} is of format {format}, which a later version wrote")]
    Later {
        /// The file.
        path: PathBuf,
        /// Its format.
        format: u32,
    },
    /// There is something to be put back.
    #[error("the journal {0} says what a run left, so nothing was set to defaults")]
    Readable(PathBuf),
    /// No folder.
    #[error("there is no folder for the journal: HOME is not set to an absolute path, nor is XDG_STATE_HOME")]
    NoPlace,
}

impl JournalError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Disk { .. } | Self::Foreign(_) => "give another place by --journal FILE",
            Self::Stays { .. } => "remove the file by hand: nothing else is left to be done",
            Self::NoPlace => "set HOME, or give the place by --journal FILE",
            Self::Locked { .. } => "wait for it, or end it: it puts everything back",
            Self::Sealed(_) => {
                "call `oidc-harness restore` with the key of that run; if it does not work any more, with a good one, and \
                 that one by --sealing-key-file FILE"
            }
            Self::Damaged(_) => {
                "put its file back from a copy and call `oidc-harness restore`; without one, `oidc-harness restore \
                 --to-defaults` switches OAuth off, deletes the accounts of runs, and takes the journal away"
            }
            Self::Readable(_) => "call `oidc-harness restore` without --to-defaults: it puts back what there was",
            Self::Later { .. } => "call `oidc-harness restore` of that version",
        }
    }
}
