//! Why the guard could not do what it was asked to.

use super::JournalError;
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
