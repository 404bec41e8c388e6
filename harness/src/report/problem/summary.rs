//! A problem as reports for machines have it, and all problems in one line.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gather::problems;
use super::shape::Problem;
use crate::expect::ForeignOwner;
use crate::level::Level;
use crate::plural::counted;
use crate::report::Outcome;
use crate::report::rerun::Again;
use crate::report::shape::Report;
use crate::severity::Severity;

/// What the server does wrong, as the tests of a run show it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ProblemReport {
    /// What the server does, without a subject, or what fails.
    pub problem: String,
    /// How bad it is.
    pub severity: Severity,
    /// How strongly it is forbidden.
    pub level: Level,
    /// Whose session the server hands out, if not that of the person who signs in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreign_owner: Option<ForeignOwner>,
    /// What asks for something else.
    pub requirement: Vec<String>,
    /// What an administrator can do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// What the provider altered in the test that shows it best.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub altered: Option<String>,
    /// The request that the provider refused, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// The command that runs the test that shows it best again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again: Option<String>,
    /// The scenarios that show it.
    pub scenarios: Vec<ProblemScenarioReport>,
}

/// A scenario that shows a problem.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ProblemScenarioReport {
    /// `topic/name`.
    pub scenario: String,
    /// Its tests that show it, as `topic/name::case`.
    pub tests: Vec<String>,
}

impl Problem<'_> {
    /// Returns the problem as data.
    pub fn report(&self, report: &Report) -> ProblemReport {
        let of_scenario = |scenario: &super::ProblemScenario<'_>| ProblemScenarioReport {
            scenario: scenario.name.to_owned(),
            tests: scenario.cases.iter().map(|case| case.test_name()).collect(),
        };
        ProblemReport {
            problem: self.sentence.clone(),
            severity: self.severity,
            level: self.level,
            foreign_owner: self.foreign_owner,
            requirement: self.requirements.iter().map(|one| (*one).to_owned()).collect(),
            advice: self.advice.map(ToOwned::to_owned),
            altered: self.alteration(),
            refusal: self.refusal(),
            again: self.again(report),
            scenarios: self.scenarios.iter().map(of_scenario).collect(),
        }
    }

    /// Returns the command that runs the best example again, with every request;
    /// none if the report lacks its scenario file.
    pub fn again(&self, report: &Report) -> Option<String> {
        Again::in_report(report, self.example()?).map(|again| again.run())
    }

    /// Returns how many tests show it, and where: `3 tests in 2 scenarios`.
    pub fn extent(&self) -> String {
        let tests = counted(self.cases().count(), "test", "tests");
        format!("{tests} in {}", counted(self.scenarios.len(), "scenario", "scenarios"))
    }
}

impl Report {
    /// The run in a few words.
    pub fn verdict(&self) -> String {
        let found = || not_met(&problems(self), self).unwrap_or_else(|| "The baseline is out of date".to_owned());
        match self.exit_code {
            0 => "All is as expected".to_owned(),
            3 if self.fault.is_some() => "The server could not be put back".to_owned(),
            3 => "The server could not be prepared".to_owned(),
            4 => "The harness is at fault".to_owned(),
            _ if self.is_interrupted() => "Interrupted".to_owned(),
            _ if self.counts.get(Outcome::Passed) == 0 => "Nothing passed".to_owned(),
            _ => found(),
        }
    }
}

/// Returns how many requirements are not met, and by how many tests that shows:
/// `6 requirements not met (25 of 932 tests)`; none where all are met.
pub fn not_met(problems: &[Problem<'_>], report: &Report) -> Option<String> {
    let told = |level: Level, one: &str, many: &str| {
        let of_level: Vec<_> = problems.iter().filter(|problem| problem.level == level).collect();
        let shown: usize = of_level.iter().map(|problem| problem.cases().count()).sum();
        let tests = counted(report.results.len(), "test", "tests");
        (!of_level.is_empty()).then(|| format!("{} not met ({shown} of {tests})", counted(of_level.len(), one, many)))
    };
    let must = told(Level::Must, "requirement", "requirements");
    let should = told(Level::Should, "recommendation", "recommendations");
    let all: Vec<String> = must.into_iter().chain(should).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// Returns how many problems have which severity: `2 high, 1 low`.
pub fn severities(problems: &[Problem<'_>]) -> String {
    let count = |severity: Severity| problems.iter().filter(|problem| problem.severity == severity).count();
    let all = Severity::ALL.iter().map(|(severity, _)| (count(*severity), severity)).filter(|(count, _)| *count > 0);
    all.map(|(count, severity)| format!("{count} {severity}")).collect::<Vec<_>>().join(", ")
}
