//! What the verdict about a case means for its test: passed, failed, or ignored
//! for a reason. Nothing is judged here.

use std::collections::HashMap;

use libtest_mimic::{Completion, Failed};

use crate::report::{CaseReport, CaseResult, Outcome, Report, exit_code};

/// The result of a test.
pub(super) type Tested = Result<Completion, Failed>;

/// The result of the test of one case. A case that is not judged is ignored,
/// with the reason; `failure` returns the text of a red one.
pub(super) fn tested(report: &CaseReport, strict: bool, failure: impl FnOnce() -> String) -> Tested {
    let CaseResult { outcome, reason, .. } = &report.result;
    match outcome {
        outcome if outcome.is_red(strict) => Err(failure().into()),
        Outcome::Skipped | Outcome::Known | Outcome::NotExercised => {
            let reason = reason.as_deref().unwrap_or_default();
            Ok(Completion::ignored_with(format!("{}: {reason}", outcome.name())))
        }
        _ => Ok(Completion::Completed),
    }
}

/// The tests that are red in the report and were not when each was judged: what
/// the run found later made their results worthless.
pub(super) fn doubted(judged: &HashMap<String, CaseReport>, report: &Report) -> Vec<String> {
    let is_red = |one: &CaseReport| one.result.outcome.is_red(report.strict);
    let was_not = |now: &&CaseReport| judged.get(&now.test_name()).is_some_and(|then| !is_red(then));
    let doubted = report.results.iter().filter(|now| is_red(now)).filter(was_not);
    doubted.map(|now| format!("{}: {}", now.test_name(), now.result.reason.as_deref().unwrap_or_default())).collect()
}

/// Passes if a case passed and the baseline is up to date: what was played is
/// worth something then.
pub(super) fn something_passed(report: &Report) -> Tested {
    let passed = report.counts.get(Outcome::Passed);
    let stale = report.results.iter().filter(|report| report.result.outcome == Outcome::StaleEntry);
    let stale: Vec<&str> = stale.filter_map(|report| report.result.reason.as_deref()).collect();
    if passed > 0 && stale.is_empty() {
        return Ok(Completion::Completed);
    }
    let results: Vec<CaseResult> = report.results.iter().map(|report| report.result.clone()).collect();
    let code = exit_code(&results, report.strict).code();
    let lines = [format!("{passed} passed; `oidc-harness run` would end with exit code {code}")];
    Err(lines.iter().map(String::as_str).chain(stale).collect::<Vec<_>>().join("\n").into())
}
