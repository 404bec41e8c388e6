//! A check: one row of the list, and what it says: whether a thing is right, what
//! was seen, what to change.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::evidence::DoctorEvidence;

/// One thing that the doctor looks at.
#[derive(Debug, Clone, Copy)]
pub struct DoctorCheck {
    /// Its name, by which `explain` finds it.
    pub name: &'static str,
    /// What it looks at.
    pub looks_at: &'static str,
    /// The causes that it can name, each with what it means.
    pub causes: &'static [(&'static str, &'static str)],
    /// Judges the evidence; `None` where there is nothing to judge.
    pub judge: fn(&DoctorEvidence) -> Option<CheckOutcome>,
    /// Whether nothing else can be known where it finds a problem.
    pub is_reach: bool,
}

/// How a check ends; the worst comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It is right.
    Ok,
    /// The evidence does not say; the sentence says why.
    Unknown,
    /// It may fail, or a part does not work.
    Warning,
    /// Sign-in or sign-out fails because of it.
    Problem,
}

impl Status {
    /// Returns the word that begins a line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unknown => "unknown",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

/// The judgement of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOutcome {
    /// How it ends.
    pub status: Status,
    /// Which of the causes that the check knows; empty where nothing is wrong.
    pub cause: &'static str,
    /// What is so, as a whole sentence.
    pub sentence: String,
    /// What was seen, if the sentence does not say it.
    pub seen: Option<String>,
    /// What to change, where, to what value; each line is one way.
    pub change: Option<String>,
}

impl CheckOutcome {
    fn new(status: Status, cause: &'static str, sentence: impl Into<String>) -> Self {
        Self { status, cause, sentence: sentence.into(), seen: None, change: None }
    }

    /// It is right.
    pub fn ok(sentence: impl Into<String>) -> Self {
        Self::new(Status::Ok, "", sentence)
    }

    /// The evidence does not say.
    pub fn unknown(sentence: impl Into<String>) -> Self {
        Self::new(Status::Unknown, "", sentence)
    }

    /// It may fail.
    pub fn warning(cause: &'static str, sentence: impl Into<String>) -> Self {
        Self::new(Status::Warning, cause, sentence)
    }

    /// It fails.
    pub fn problem(cause: &'static str, sentence: impl Into<String>) -> Self {
        Self::new(Status::Problem, cause, sentence)
    }

    /// Adds what was seen.
    #[must_use]
    pub fn seen(self, seen: impl Into<String>) -> Self {
        Self { seen: Some(seen.into()), ..self }
    }

    /// Adds what to change.
    #[must_use]
    pub fn change(self, change: impl Into<String>) -> Self {
        Self { change: Some(change.into()), ..self }
    }
}
