//! Why nothing can be judged by what the command line says.

use super::output::fail;
use crate::exit::ExitCode;
use crate::guard::JournalError;
use crate::immich::TargetError;

/// Why nothing can be judged by what was said.
pub(super) struct TargetProblem {
    pub(super) text: String,
    pub(super) help: Option<&'static str>,
}

impl From<String> for TargetProblem {
    fn from(text: String) -> Self {
        Self { text, help: None }
    }
}

impl From<TargetError> for TargetProblem {
    fn from(error: TargetError) -> Self {
        Self { text: error.to_string(), help: Some(error.help()) }
    }
}

impl From<JournalError> for TargetProblem {
    fn from(error: JournalError) -> Self {
        Self { text: error.to_string(), help: Some(error.help()) }
    }
}

impl TargetProblem {
    /// Complains.
    pub(super) fn fail(&self) -> ExitCode {
        fail(&self.text, self.help, ExitCode::Usage)
    }
}
