//! A problem as reports for machines have it, and all problems in one line.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::grouping::problems;
use super::shape::Problem;
use crate::expect::ForeignOwner;
use crate::level::Level;
use crate::plural::{counted, noun};
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
    /// The routes whose answers show it, if it is about every answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<String>,
    /// The failed step of the test that shows it best, and up to three before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<String>,
    /// What the provider or the browser altered in the test that shows it best.
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
            routes: self.routes.iter().map(|one| (*one).to_owned()).collect(),
            steps: self.steps_in_words(),
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
        let found = || not_met(&problems(self)).unwrap_or_else(|| "The baseline is out of date".to_owned());
        if self.ended_at().is_some() {
            return "Sign-in fails".to_owned();
        }
        match self.exit_code {
            0 => "All results are as expected".to_owned(),
            3 if self.fault.is_some() => "The server was not restored".to_owned(),
            3 => "The harness could not prepare the server".to_owned(),
            4 => "The harness has a fault".to_owned(),
            _ if self.is_interrupted() => "Interrupted".to_owned(),
            _ if self.counts.get(Outcome::Passed) == 0 => "No test passed".to_owned(),
            _ => found(),
        }
    }
}

/// Returns how many requirements are not met, and what became of the tests that
/// show it: `6 requirements not met: 24 tests fail, 1 finding`; none where all are met.
/// Tests that say nothing of a requirement stand alone: `1 test is blocked`.
pub fn not_met(problems: &[Problem<'_>]) -> Option<String> {
    let told = |level: Level, one: &str, many: &str| {
        let count = problems.iter().filter(|problem| problem.level == level && !problem.is_untested()).count();
        (count > 0).then(|| counted(count, one, many))
    };
    let must = told(Level::Must, "requirement", "requirements");
    let should = told(Level::Should, "recommendation", "recommendations");
    let all = must.into_iter().chain(should).collect::<Vec<_>>().join(" and ");
    // A test may show several problems.
    let tests: BTreeMap<String, Outcome> =
        problems.iter().flat_map(Problem::cases).map(|case| (case.test_name(), case.result.outcome)).collect();
    let count = |outcome: Outcome| tests.values().filter(|one| **one == outcome).count();
    let (findings, blocked) = (count(Outcome::Finding), count(Outcome::Blocked));
    let failed = tests.len() - findings - blocked;
    let failed =
        (failed > 0).then(|| format!("{} {}", counted(failed, "test", "tests"), noun(&failed, "fails", "fail")));
    let findings = (findings > 0).then(|| counted(findings, "finding", "findings"));
    let subject = if failed.is_some() { blocked.to_string() } else { counted(blocked, "test", "tests") };
    let blocked = (blocked > 0).then(|| format!("{subject} {} blocked", noun(&blocked, "is", "are")));
    let ends = failed.into_iter().chain(findings).chain(blocked).collect::<Vec<_>>().join(", ");
    match (all.is_empty(), ends.is_empty()) {
        (true, true) => None,
        (true, false) => Some(ends),
        (false, _) => Some(format!("{all} not met: {ends}")),
    }
}

/// Returns how many problems have which severity: `2 high, 1 low`.
pub fn severities(problems: &[Problem<'_>]) -> String {
    let count = |severity: Severity| problems.iter().filter(|problem| problem.severity == severity).count();
    let all = Severity::ALL.iter().map(|(severity, _)| (count(*severity), severity)).filter(|(count, _)| *count > 0);
    all.map(|(count, severity)| format!("{count} {severity}")).collect::<Vec<_>>().join(", ")
}
