//! Why a run did not take place, or did not end well.

use super::worker::WorkerError;
use crate::exit::ExitCode;
use crate::step::StepError;
use crate::target::{BaselineError, JournalError, StepFault, TargetError};

/// Why a run did not take place, or did not end well.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The worker could not be made.
    #[error(transparent)]
    Worker(#[from] WorkerError),
    /// The target.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// Settings, accounts or journal.
    #[error(transparent)]
    Fault(#[from] StepFault),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A scenario's stage cannot be set for a person.
    #[error("this scenario cannot be set up: {0}")]
    Stage(String),
    /// A baseline in the binary cannot be read.
    #[error(transparent)]
    Baseline(#[from] BaselineError),
    /// The harness broke down; the target was restored.
    #[error("the harness broke down: {0}; the target was left as it was")]
    Broke(String),
    /// Somebody ended it; the target was restored.
    #[error("interrupted; the target was left as it was")]
    Interrupted,
}

impl From<StepError> for RunError {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Fault(fault) => Self::Fault(fault),
            other => Self::Stage(other.to_string()),
        }
    }
}

impl RunError {
    /// The exit code that tells it.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Interrupted => ExitCode::Interrupted,
            Self::Broke(_) | Self::Baseline(_) => ExitCode::Harness,
            Self::Worker(WorkerError::Reference(crate::reference::StartError::Defect(_)))
            | Self::Target(TargetError::Address(_)) => ExitCode::Usage,
            _ => ExitCode::Unreachable,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Worker(WorkerError::Reference(crate::reference::StartError::Defect(_))) => {
                Some("`oidc-harness list --defects` names them all")
            }
            Self::Target(error) | Self::Worker(WorkerError::Target(error)) => Some(error.help()),
            Self::Journal(error) => Some(error.help()),
            Self::Fault(fault) | Self::Worker(WorkerError::Fault(fault)) => Some(match fault {
                StepFault::Target(error) => error.help(),
                StepFault::Journal(error) => error.help(),
            }),
            _ => None,
        }
    }
}
