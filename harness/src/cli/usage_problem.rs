//! A mistake in what was typed, with what to type instead. How it is printed is
//! for [`super::output`].

use std::borrow::Cow;

use crate::guard::JournalError;
use crate::immich::TargetError;

/// Why a command cannot be followed as it was given.
#[derive(Debug)]
pub(super) struct UsageProblem {
    pub(super) text: String,
    pub(super) help: Option<Cow<'static, str>>,
}

impl From<String> for UsageProblem {
    fn from(text: String) -> Self {
        Self { text, help: None }
    }
}

impl From<TargetError> for UsageProblem {
    fn from(error: TargetError) -> Self {
        Self { text: error.to_string(), help: Some(error.help()) }
    }
}

impl From<JournalError> for UsageProblem {
    fn from(error: JournalError) -> Self {
        Self { text: error.to_string(), help: Some(error.help().into()) }
    }
}
