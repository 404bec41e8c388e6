//! A test in a report: how it begins, where it failed, and what it shows. Its members are
//! in [`super::shape`].

use super::result::{CaseResult, Outcome};
use super::shape::CaseReport;
use super::step::StepReport;
use super::steps::Steps;
use crate::diagnostic::Diagnostic;
use crate::expect::{Check, ForeignOwner, OwnProblem};
use crate::level::Level;
use crate::scenario::{Case, Scenario, test_name};

impl CaseReport {
    /// A report in which nothing has happened yet.
    pub fn of(scenario: &Scenario, case: &Case) -> Self {
        let shape = &case.play.shape;
        Self {
            cases_before: scenario.tests.iter().position(|test| test.case == case.name).unwrap_or_default(),
            title: shape.title.clone(),
            problem: Some(shape.problem.clone()),
            severity: Some(shape.severity),
            advice: shape.advice.clone(),
            requirement: shape.requirement.clone(),
            level: shape.level,
            tags: case.public_tags().map(ToOwned::to_owned).collect(),
            ..Self::named(&scenario.name, case.name.clone())
        }
    }

    /// A report with only its name.
    pub fn named(scenario: &str, case: Option<String>) -> Self {
        Self {
            scenario: scenario.to_owned(),
            case,
            cases_before: 0,
            title: String::new(),
            problem: None,
            advice: None,
            requirement: Vec::new(),
            level: Level::Must,
            tags: Vec::new(),
            result: CaseResult { outcome: Outcome::Error, reason: None, fault: None, needs: None },
            severity: None,
            milliseconds: 0,
            diagnostics: Vec::new(),
            steps: Steps::default(),
            steps_left: 0,
        }
    }

    /// The step in which it failed.
    pub(super) fn failed_step(&self) -> Option<&StepReport> {
        self.steps.held().iter().rfind(|step| step.has_failed())
    }

    /// The problem of the expectation that it misses, if that has one of its own. Of
    /// several, the strictest counts, and of these the outcome, or else the first.
    pub(super) fn own_problem(&self) -> Option<&OwnProblem> {
        let checks = &self.failed_step()?.checks;
        let missed = checks.iter().filter(|check| !check.held && check.level > Level::May);
        first_by_weight(missed, |check| check)?.problem.as_ref()
    }

    /// The check that did not hold and explains most, with its diagnostic.
    pub(super) fn worst_check(&self) -> Option<(&Check, &Diagnostic)> {
        let missed = self.steps.held().iter().flat_map(|step| &step.checks).filter(|check| !check.held);
        // There is a diagnostic for each check that did not hold.
        first_by_weight(missed.zip(&self.diagnostics), |(check, _)| check)
    }

    /// Takes the problem of the expectation that it misses instead of the scenario's.
    pub fn note_own_problem(&mut self) {
        if let Some(own) = self.own_problem().cloned() {
            (self.problem, self.advice) = (Some(own.sentence), None);
            self.severity = own.severity.or(self.severity);
        }
    }

    /// Whose account the failed step opened.
    pub(super) fn foreign_owner(&self) -> Option<ForeignOwner> {
        self.failed_step()?.foreign_owner
    }

    /// Why it has this result: the reason, or else what did not hold, in one
    /// text; empty where there is nothing to say.
    pub fn found(&self) -> String {
        self.result.reason.clone().unwrap_or_else(|| self.mismatches().collect::<Vec<_>>().join("; "))
    }

    /// The same, cut to the first thing that did not hold.
    pub fn found_first(&self) -> Option<&str> {
        self.result.reason.as_deref().or(self.mismatches().next())
    }

    /// What did not hold.
    pub fn mismatches(&self) -> impl Iterator<Item = &str> {
        self.diagnostics.iter().map(|one| one.message.as_str())
    }

    /// `topic/name::case`, as filters and test runners know it.
    pub fn test_name(&self) -> String {
        test_name(&self.scenario, self.case.as_deref())
    }
}

/// Returns the one whose check explains most; of equal ones the first.
fn first_by_weight<T>(all: impl Iterator<Item = T>, check: impl Fn(&T) -> &Check) -> Option<T> {
    all.reduce(|best, one| if check(&one).weight() > check(&best).weight() { one } else { best })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::severity::Severity;

    #[rstest]
    #[case::first(&[("a", Level::Must, "A"), ("b", Level::Must, "B")], "A", None)]
    #[case::outcome(&[("a", Level::Must, "A"), ("outcome", Level::Must, "B")], "B", None)]
    #[case::strictest(&[("outcome", Level::Should, "A"), ("b", Level::Must, "B")], "B", None)]
    #[case::permitted(&[("a", Level::May, "A"), ("b", Level::Should, "B")], "B", None)]
    #[case::of_the_scenario(&[("a", Level::Must, ""), ("b", Level::Must, "B")], "Does it", Some("Wait"))]
    #[case::outcome_of_the_scenario(&[("a", Level::Must, "A"), ("outcome", Level::Must, "")], "Does it", Some("Wait"))]
    fn a_test_shows_the_problem_of_the_expectation_that_it_misses(
        #[case] missed: &[(&str, Level, &str)],
        #[case] problem: &str,
        #[case] advice: Option<&str>,
    ) {
        let check = |(path, level, own): &(&str, Level, &str)| Check {
            problem: (!own.is_empty()).then(|| OwnProblem {
                sentence: (*own).to_owned(),
                why: None,
                severity: Some(Severity::Low),
            }),
            ..Check::missed(path, *level)
        };
        let step = StepReport::sample(missed.iter().map(check).collect());
        let mut case = CaseReport { steps: vec![step].into(), ..CaseReport::named("a/a", None) };
        (case.problem, case.advice) = (Some("Does it".to_owned()), Some("Wait".to_owned()));
        case.note_own_problem();
        assert_eq!((case.problem.as_deref(), case.advice.as_deref()), (Some(problem), advice));
        assert_eq!(case.severity, advice.is_none().then_some(Severity::Low));
    }
}
