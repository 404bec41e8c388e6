//! The results that a test can have.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plural::noun;

/// What came of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything held.
    Passed,
    /// A `must` is not met.
    Failed,
    /// A `should` is not met.
    Finding,
    /// Its control failed, so the test proves nothing.
    Blocked,
    /// The altered message was never served, the target never sent what the test is about, or it does not pass the test's proof: it proved nothing.
    NotExercised,
    /// The target lacks what it needs.
    Skipped,
    /// Failed, or a finding, as its baseline says.
    Known,
    /// Passed although the baseline lists it: remove the entry.
    UnexpectedPass,
    /// The baseline names a test or check that does not exist, or its `until` is past: correct or remove the entry.
    StaleEntry,
    /// The setup or the harness failed, not the target.
    Error,
}

impl Outcome {
    /// All of them, in the order in which they are summed up.
    pub const ALL: &[Self] = &[
        Self::Passed,
        Self::Failed,
        Self::Finding,
        Self::Blocked,
        Self::Error,
        Self::UnexpectedPass,
        Self::StaleEntry,
        Self::Known,
        Self::NotExercised,
        Self::Skipped,
    ];

    /// The name in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Finding => "finding",
            Self::Blocked => "blocked",
            Self::NotExercised => "not exercised",
            Self::Skipped => "skipped",
            Self::Known => "known",
            Self::UnexpectedPass => "unexpected pass",
            Self::StaleEntry => "stale entry",
            Self::Error => "error",
        }
    }

    /// What so many tests have: its name, in the plural where it is a noun.
    pub fn name_of(self, count: usize) -> &'static str {
        let many = match self {
            Self::Finding => "findings",
            Self::UnexpectedPass => "unexpected passes",
            Self::StaleEntry => "stale entries",
            Self::Error => "errors",
            Self::Passed | Self::Failed | Self::Blocked | Self::NotExercised | Self::Skipped | Self::Known => {
                self.name()
            }
        };
        noun(&count, self.name(), many)
    }

    /// Whether it makes the run red.
    pub const fn is_red(self, strict: bool) -> bool {
        match self {
            Self::Failed | Self::Blocked | Self::UnexpectedPass | Self::StaleEntry | Self::Error => true,
            Self::Finding => strict,
            Self::Passed | Self::NotExercised | Self::Skipped | Self::Known => false,
        }
    }
}

/// Whose fault an error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The target could not be prepared.
    Target,
    /// The harness, or the scenario.
    Harness,
}

/// The result of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseResult {
    /// What came of it.
    pub outcome: Outcome,
    /// Why, in words.
    pub reason: Option<String>,
    /// Whose fault an error is.
    pub fault: Option<Fault>,
}

impl CaseResult {
    /// A result with its reason.
    pub fn new(outcome: Outcome, reason: impl Into<String>) -> Self {
        Self { outcome, reason: Some(reason.into()), fault: None }
    }
}

/// How many tests had which result.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts(pub BTreeMap<Outcome, usize>);

impl Counts {
    /// Counts.
    pub fn of(results: &[CaseResult]) -> Self {
        let mut counts = BTreeMap::new();
        for result in results {
            *counts.entry(result.outcome).or_insert(0) += 1;
        }
        Self(counts)
    }

    /// Those that there are, such as `3 passed`.
    pub fn listed(&self) -> Vec<String> {
        let present = Outcome::ALL.iter().filter(|outcome| self.get(**outcome) > 0);
        present.map(|outcome| format!("{} {}", self.get(*outcome), outcome.name_of(self.get(*outcome)))).collect()
    }

    /// How many had this one.
    pub fn get(&self, outcome: Outcome) -> usize {
        self.0.get(&outcome).copied().unwrap_or_default()
    }
}
