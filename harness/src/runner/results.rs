//! The results so far, and the settings of each. If the server no longer has
//! the run's settings, the results under them are uncertain: an administrator
//! may have changed the settings, or the server may have lost them.
//! [`super::worker`] plays the tests.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::guard::StepFault;
use crate::report::{CaseReport, CaseResult, Fault, Outcome, StepFile, StepFileError};

/// Settings that stood at a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StandingSettings {
    /// Which worker's server.
    pub(super) worker: usize,
    /// How many changes the run had made to them.
    pub(super) changes: usize,
}

/// A test that was judged.
#[derive(Debug)]
pub struct JudgedTest {
    /// What came of it.
    pub report: CaseReport,
    /// The settings at its end.
    pub(super) standing: StandingSettings,
    /// Whether they were found not to be as the run left them.
    pub(super) astray: bool,
    /// What came of it if another test reports the same problem for all tests that
    /// show it.
    pub(super) otherwise: Option<Box<CaseReport>>,
}

/// All that was judged.
#[derive(Debug)]
pub(super) struct Results {
    judged: Vec<JudgedTest>,
    /// The tests that show a problem which one of them reports for all.
    held: Vec<JudgedTest>,
    /// Where the steps of tests that passed go; none if no report shows them.
    file: Option<Arc<StepFile>>,
    /// Why some of them stay in memory.
    unwritten: Option<StepFileError>,
}

impl Results {
    pub(super) const fn new(file: Option<Arc<StepFile>>) -> Self {
        Self { judged: Vec::new(), held: Vec::new(), file, unwritten: None }
    }

    pub(super) fn add(&mut self, mut judged: JudgedTest) {
        if judged.astray {
            self.doubt(|standing| standing == judged.standing);
        }
        if judged.report.result.outcome == Outcome::Passed {
            match &self.file {
                Some(file) => self.unwritten = self.unwritten.take().or(judged.report.steps.write_to(file).err()),
                None => judged.report.steps.leave_out(),
            }
        }
        self.judged.push(judged);
    }

    /// Keeps a test until it is known which one reports its problem.
    pub(super) fn hold(&mut self, judged: JudgedTest) {
        self.held.push(judged);
    }

    /// Returns the tests that were held: of those with one problem, the first by
    /// name reports it, whichever came first.
    pub(super) fn release(&mut self) -> Vec<JudgedTest> {
        let mut held = std::mem::take(&mut self.held);
        held.sort_by(|a, b| (&a.report.scenario, &a.report.case).cmp(&(&b.report.scenario, &b.report.case)));
        let mut problems = BTreeSet::new();
        for test in &mut held {
            let is_first = problems.insert(test.report.problem.clone());
            if let Some(otherwise) = test.otherwise.take().filter(|_| !is_first) {
                test.report = *otherwise;
            }
        }
        held
    }

    /// Returns why steps stay in memory, if they were to go into a file.
    pub(super) fn unwritten(&mut self) -> Option<StepFileError> {
        self.unwritten.take()
    }

    pub(super) fn len(&self) -> usize {
        self.judged.len()
    }

    /// All reports, now that the run ended, with this fault if there is one.
    pub(super) fn into_reports<'a>(mut self, mut faults: impl Iterator<Item = &'a StepFault>) -> Vec<CaseReport> {
        if faults.any(|fault| matches!(fault, StepFault::Target(error) if error.is_by_others())) {
            // It does not say at which server.
            let all: Vec<StandingSettings> = self.judged.iter().map(|one| one.standing).collect();
            let is_later = |one: StandingSettings, other: &StandingSettings| {
                other.worker == one.worker && other.changes > one.changes
            };
            self.doubt(|standing| !all.iter().any(|other| is_later(standing, other)));
        }
        self.judged.into_iter().map(|judged| judged.report).collect()
    }

    /// Nothing is known of what was judged under such settings.
    fn doubt(&mut self, is_doubted: impl Fn(StandingSettings) -> bool) {
        for JudgedTest { report, .. } in self.judged.iter_mut().filter(|one| is_doubted(one.standing)) {
            if !matches!(report.result.outcome, Outcome::Skipped | Outcome::Error) {
                let reason =
                    "another program changed the server's settings during the test, so the result proves nothing";
                let (reason, fault) = (Some(reason.to_owned()), Some(Fault::Target));
                report.result = CaseResult { outcome: Outcome::Error, reason, fault, needs: None };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::immich::TargetError;
    use crate::report::StepReport;

    /// A test with so many steps.
    fn judged(name: &str, outcome: Outcome, steps: usize) -> JudgedTest {
        let step = StepReport::sample(Vec::new());
        let mut report = CaseReport::named(name, None);
        report.result = CaseResult { outcome, reason: None, fault: None, needs: None };
        report.steps = vec![step; steps].into();
        JudgedTest { report, standing: StandingSettings { worker: 0, changes: 0 }, astray: false, otherwise: None }
    }

    fn results(judged: &[(&str, Outcome, usize, usize, bool)]) -> Results {
        let mut results = Results::new(None);
        for &(name, outcome, worker, changes, astray) in judged {
            let mut report = CaseReport::named(name, None);
            report.result = CaseResult { outcome, reason: None, fault: None, needs: None };
            results.add(JudgedTest { report, standing: StandingSettings { worker, changes }, astray, otherwise: None });
        }
        results
    }

    fn errors(reports: Vec<CaseReport>) -> Vec<String> {
        let errors = reports.into_iter().filter(|report| report.result.outcome == Outcome::Error);
        errors.map(|report| report.scenario).collect()
    }

    #[test]
    fn what_was_judged_since_the_last_change_is_not_known() {
        let found = results(&[
            ("before", Outcome::Passed, 0, 1, false),
            ("passed", Outcome::Passed, 0, 2, false),
            ("elsewhere", Outcome::Passed, 1, 2, false),
            ("failed", Outcome::Failed, 0, 2, false),
            ("skipped", Outcome::Skipped, 0, 2, false),
            ("finds it", Outcome::Error, 0, 2, true),
            ("after", Outcome::Passed, 0, 3, false),
        ]);
        assert_eq!(errors(found.into_reports(std::iter::empty())), ["passed", "failed", "finds it"]);
    }

    #[test]
    fn the_first_test_by_name_reports_a_problem_for_all() {
        let held = |name: &str, problem: &str| {
            let mut test = judged(name, Outcome::Failed, 1);
            test.report.problem = Some(problem.to_owned());
            test.otherwise = Some(Box::new(judged(name, Outcome::Skipped, 0).report));
            test
        };
        let mut results = Results::new(None);
        for (name, problem) in [("c", "one"), ("a", "one"), ("b", "another"), ("d", "one")] {
            results.hold(held(name, problem));
        }
        let released = results.release();
        let outcomes = released.iter().map(|test| (test.report.scenario.as_str(), test.report.result.outcome));
        let (failed, skipped) = (Outcome::Failed, Outcome::Skipped);
        assert_eq!(outcomes.collect::<Vec<_>>(), [("a", failed), ("b", failed), ("c", skipped), ("d", skipped)]);
        assert!(results.release().is_empty());
    }

    /// Which steps are in memory does not depend on how many tests pass.
    #[test]
    fn steps_of_tests_that_passed_are_not_in_memory() -> Result<(), StepFileError> {
        for passed in [1, 1000] {
            let mut results = Results::new(Some(StepFile::create()?));
            (0..passed).for_each(|_| results.add(judged("passed", Outcome::Passed, 3)));
            results.add(judged("failed", Outcome::Failed, 2));
            assert!(results.unwritten().is_none());
            let reports = results.into_reports(std::iter::empty());
            assert_eq!(reports.iter().map(|report| report.steps.held().len()).sum::<usize>(), 2);
            let read =
                reports.iter().map(|report| Ok(report.steps.read()?.len())).sum::<Result<usize, StepFileError>>();
            assert_eq!(read?, 3 * passed + 2);
        }
        Ok(())
    }

    #[test]
    fn the_end_may_find_it_too() {
        let judged = [
            ("before", Outcome::Passed, 0, 1, false),
            ("last", Outcome::Passed, 0, 2, false),
            ("last of another", Outcome::Failed, 1, 9, false),
        ];
        let found = |fault: TargetError| {
            let fault = StepFault::from(fault);
            errors(results(&judged).into_reports(std::iter::once(&fault)))
        };
        assert_eq!(found(TargetError::ChangedByOthers(Vec::new())), ["last", "last of another"]);
        assert_eq!(found(TargetError::KeyRefused), Vec::<String>::new());
    }
}
