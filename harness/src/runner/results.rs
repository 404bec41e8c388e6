//! The results so far, and the settings of each. If the server no longer has
//! the run's settings, the results under them are uncertain: an administrator
//! may have changed the settings, or the server may have lost them.
//! [`super::worker`] plays the tests.

use crate::guard::StepFault;
use crate::report::{CaseReport, CaseResult, Fault, Outcome};

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
}

/// All that was judged.
#[derive(Debug)]
pub(super) struct Results {
    judged: Vec<JudgedTest>,
    /// Whether the steps of tests that passed are kept.
    keeps_steps: bool,
}

impl Results {
    pub(super) const fn new(keeps_steps: bool) -> Self {
        Self { judged: Vec::new(), keeps_steps }
    }

    pub(super) fn add(&mut self, mut judged: JudgedTest) {
        if judged.astray {
            self.doubt(|standing| standing == judged.standing);
        }
        if !self.keeps_steps && judged.report.result.outcome == Outcome::Passed {
            judged.report.steps = Vec::new();
        }
        self.judged.push(judged);
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

    fn results(judged: &[(&str, Outcome, usize, usize, bool)]) -> Results {
        let mut results = Results::new(true);
        for &(name, outcome, worker, changes, astray) in judged {
            let mut report = CaseReport::named(name, None);
            report.result = CaseResult { outcome, reason: None, fault: None, needs: None };
            results.add(JudgedTest { report, standing: StandingSettings { worker, changes }, astray });
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
