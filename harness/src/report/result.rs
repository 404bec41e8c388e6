//! The results that a test can have, and the exit code that they add up to.
//! What each code means, and which is worse, is for [`crate::exit_code`].

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::exit_code::ExitCode;
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
    /// Its control, the same without an alteration, fails, so the test proves nothing.
    Blocked,
    /// The server never requested the altered message, never sent what the test is about, or does not pass the test's proof, so the test proves nothing.
    NotExercised,
    /// The server lacks what the test needs, such as a route, a setting or a version, or the flags of the run forbid a step.
    Skipped,
    /// Failed, or a finding, exactly as the baseline says, so the run is not red.
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

/// What a skipped test needs, and the server or the run lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// Other versions of the server.
    Version,
    /// A route or setting that a server may lack.
    Feature,
    /// A server that deletes accounts.
    Deletion,
    /// A clock that the run can move, or a server that it can restart.
    Process,
    /// Server and provider on one machine, IPv6, or plain http.
    Network,
    /// A server that trusts the provider's certificates.
    Trust,
    /// A run that may change accounts and settings.
    Access,
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
    /// What a skipped test needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<Need>,
}

impl CaseResult {
    /// A result with its reason.
    pub fn new(outcome: Outcome, reason: impl Into<String>) -> Self {
        Self { outcome, reason: Some(reason.into()), fault: None, needs: None }
    }

    /// The result of a test that is not played, with what it needs.
    pub fn skipped(needs: Need, reason: impl Into<String>) -> Self {
        Self { needs: Some(needs), ..Self::new(Outcome::Skipped, reason) }
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

/// The exit code of a run with these results; of several, the largest of 4,
/// 3, 1 wins. A run in which nothing passed is red.
pub fn exit_code(results: &[CaseResult], strict: bool) -> ExitCode {
    let has = |wanted: fn(&CaseResult) -> bool| results.iter().any(wanted);
    if has(|result| result.fault == Some(Fault::Harness)) {
        return ExitCode::Harness;
    }
    if has(|result| result.fault == Some(Fault::Target)) {
        return ExitCode::Unreachable;
    }
    let nothing_passed = !has(|result| result.outcome == Outcome::Passed);
    if nothing_passed || results.iter().any(|result| result.outcome.is_red(strict)) {
        return ExitCode::Failed;
    }
    ExitCode::Good
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&[Outcome::Passed], false, ExitCode::Good)]
    #[case(&[], false, ExitCode::Failed)]
    #[case(&[Outcome::Skipped, Outcome::NotExercised, Outcome::Known], false, ExitCode::Failed)]
    #[case(&[Outcome::Passed, Outcome::Known, Outcome::Skipped], false, ExitCode::Good)]
    #[case(&[Outcome::Passed, Outcome::Finding], false, ExitCode::Good)]
    #[case(&[Outcome::Passed, Outcome::Finding], true, ExitCode::Failed)]
    #[case(&[Outcome::Passed, Outcome::Blocked], false, ExitCode::Failed)]
    #[case(&[Outcome::Passed, Outcome::UnexpectedPass], false, ExitCode::Failed)]
    #[case(&[Outcome::Passed, Outcome::StaleEntry], false, ExitCode::Failed)]
    fn exits(#[case] outcomes: &[Outcome], #[case] strict: bool, #[case] expected: ExitCode) {
        let results: Vec<CaseResult> = outcomes
            .iter()
            .map(|outcome| CaseResult { outcome: *outcome, reason: None, fault: None, needs: None })
            .collect();
        assert_eq!(exit_code(&results, strict), expected);
    }

    #[test]
    fn of_several_faults_the_largest_wins() {
        let result = |fault| CaseResult { outcome: Outcome::Error, reason: None, fault, needs: None };
        let results = [result(Some(Fault::Target)), result(Some(Fault::Harness)), result(None)];
        assert_eq!(exit_code(&results, false), ExitCode::Harness);
        assert_eq!(exit_code(&results[..1], false), ExitCode::Unreachable);
    }
}
