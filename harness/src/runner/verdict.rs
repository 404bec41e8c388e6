//! Makes a result from checks. Pure.

use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::baseline::{Known, KnownResult, SETTINGS_STEP};
use crate::diagnostic::Diagnostic;
use crate::expect::Check;
use crate::guard::StepFault;
use crate::immich::TargetError;
use crate::level::Level;
use crate::report::{CaseReport, CaseResult, Fault, Outcome, StepReport};
use crate::stage::StepError;

const MEND: &str = "the scenario has a mistake here, not the server: it refers to something that does not exist";

/// Returns the result of a test from its checks. `not_exercised` says why the test did
/// not exercise its subject, if so.
pub fn judge(checks: &[Check], not_exercised: Option<&str>) -> CaseResult {
    let worst = checks.iter().filter(|check| !check.held).map(|check| check.level).max();
    let outcome = match worst {
        Some(Level::Must) => Outcome::Failed,
        Some(Level::Should) => Outcome::Finding,
        Some(Level::May) | None if not_exercised.is_some() => Outcome::NotExercised,
        Some(Level::May) | None => Outcome::Passed,
    };
    let reason = match (outcome, worst) {
        (Outcome::NotExercised, _) => not_exercised.map(ToOwned::to_owned),
        (_, Some(Level::May)) => Some("the server does not do this, which is optional".to_owned()),
        _ => None,
    };
    CaseResult { outcome, reason, fault: None, needs: None }
}

/// Returns the result of a test that `passed`, with that of its proof. A server
/// that fails the proof does not check the message, so its pass proves nothing.
pub(super) fn proven(passed: CaseResult, name: &str, proof: &CaseResult) -> CaseResult {
    let reason = proof.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    let why = match proof.outcome {
        Outcome::Passed if proof.reason.is_none() => return passed,
        // A `may` that the server does not do is a pass with a reason.
        Outcome::Passed | Outcome::Failed | Outcome::Finding => format!("the server never refused what `{name}` sends"),
        other => format!("its proof `{name}` has the result {}{reason}", other.name()),
    };
    let outcome = if proof.outcome == Outcome::Error { Outcome::Error } else { Outcome::NotExercised };
    CaseResult { outcome, reason: Some(format!("{why}, so the test proves nothing")), fault: proof.fault, needs: None }
}

/// Returns the result of a test that could not be judged.
pub(super) fn broken(error: &StepError, shown: impl Fn(&str) -> String) -> CaseResult {
    let fault = match error {
        StepError::Fault(StepFault::Target(TargetError::Client(_))) => Fault::Harness,
        StepError::Fault(_) => Fault::Target,
        _ => Fault::Harness,
    };
    CaseResult { outcome: Outcome::Error, reason: Some(shown(&error.to_string())), fault: Some(fault), needs: None }
}

/// Returns the result of a test whose file has a mistake at `place`.
pub(super) fn mistaken(problem: String, place: Range<usize>) -> (CaseResult, Diagnostic) {
    let result = CaseResult { outcome: Outcome::Error, reason: None, fault: Some(Fault::Harness), needs: None };
    (result, Diagnostic::error(problem, place).note(MEND))
}

/// Returns the date, in UTC, of so many seconds since 1970.
pub(super) fn date_of(now: i64) -> Date {
    TimeZone::UTC.to_datetime(Timestamp::from_second(now).unwrap_or(Timestamp::MAX)).date()
}

/// Returns the result of a test with the known failures of the server.
/// `plain` is its result without them; by `today`, entries go out of date.
/// Where an entry does not hold, the reason says what differs and what to do.
pub fn in_the_light_of(known: Option<&Known>, test: &CaseReport, plain: CaseResult, today: Date) -> CaseResult {
    let Some(known) = known else { return plain };
    let why = match known.cause.reference.as_str() {
        "" => known.cause.reason.clone(),
        reference => format!("{} ({reference})", known.cause.reason),
    };
    let is_as_bad = match known.result {
        KnownResult::Failed => plain.outcome == Outcome::Failed,
        KnownResult::Finding => plain.outcome == Outcome::Finding,
        KnownResult::Blocked => plain.outcome == Outcome::Blocked,
    };
    if plain.outcome == Outcome::Passed {
        let steps: Vec<&str> = test.steps.held().iter().map(|step| step.id.as_str()).collect();
        if let Some(step) = known.step_beside(&steps) {
            let reason = format!("the test ended before step `{step}`, where {} has a failure: {why}", known.entry());
            return CaseResult::new(Outcome::NotExercised, reason);
        }
        let reason =
            format!("the test passes now: {}. The baseline's reason was: {why}", known.amendment(test.case.as_deref()));
        return CaseResult::new(Outcome::UnexpectedPass, reason);
    }
    if !is_as_bad {
        return plain;
    }
    let checks: Vec<(&str, &Check)> =
        test.steps.held().iter().flat_map(|step| step.checks.iter().map(|check| (step.id.as_str(), check))).collect();
    let differences = known.differences(&checks);
    if differences.is_empty() {
        return match known.expired(today) {
            None => CaseResult::new(Outcome::Known, why),
            Some(day) => {
                let reason = format!(
                    "{} expired after {day}: write a later `until`, or remove the entry. Its reason is: {why}",
                    known.entry()
                );
                CaseResult::new(Outcome::StaleEntry, reason)
            }
        };
    }
    let plainly = plain.reason.iter().map(|reason| format!("{reason}; ")).collect::<String>();
    let differences = differences.join("; ");
    let reason = format!("{plainly}differs from {} ({}): {differences}", known.entry(), known.cause.reason);
    CaseResult { reason: Some(reason), ..plain }
}

/// The step that stands for the settings, where the server does not take them
/// or lacks one; `steady` is the message without what differs between runs.
pub(super) fn settings_failed(message: String, steady: String) -> StepReport {
    let check = Check {
        path: "response.message".to_owned(),
        alternative: None,
        level: Level::Must,
        held: false,
        expected: Some("nothing".to_owned()),
        actual: Some(message),
        found: Some(steady.into()),
        problem: None,
    };
    StepReport {
        id: SETTINGS_STEP.to_owned(),
        action: SETTINGS_STEP.to_owned(),
        sentence: String::new(),
        checks: vec![check],
        foreign_owner: None,
        exchanges: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::baseline::{Cause, EntryPlace, Pinned};
    use crate::expect::Matcher;
    use crate::report::StepReport;

    fn check(level: Level, held: bool) -> Check {
        let found = (!held).then(|| json!("signed-in"));
        Check {
            path: "outcome".into(),
            alternative: None,
            level,
            held,
            expected: None,
            actual: None,
            found,
            problem: None,
        }
    }

    fn known(result: KnownResult, value: Value) -> Known {
        let text = String::new;
        let cause = Cause { severity: None, reason: text(), reference: text(), advice: None };
        let Ok(matcher) = Matcher::parse(&value) else { unreachable!("the matcher is right") };
        let found = vec![Pinned { step: "s".into(), path: "outcome".into(), matcher, span: 0..0 }];
        let until = "2026-11-29".parse().ok();
        Known { scenario: text(), case: None, result, found, until, cause, place: EntryPlace::default() }
    }

    /// The result of a test with these checks and the known failures.
    fn result(checks: Vec<Check>, idle: bool, known: Option<&Known>, step: &str, today: &str) -> CaseResult {
        let plain = judge(&checks, idle.then_some("the target never asked"));
        let mut test = CaseReport::named("a/b", None);
        test.steps = vec![StepReport { id: step.to_owned(), ..StepReport::sample(checks) }].into();
        in_the_light_of(known, &test, plain, today.parse().unwrap_or_default())
    }

    #[rstest]
    #[case(&[(Level::Must, true)], false, None, Outcome::Passed)]
    #[case(&[(Level::Must, true), (Level::Must, false)], false, None, Outcome::Failed)]
    #[case(&[(Level::Should, false)], false, None, Outcome::Finding)]
    #[case(&[(Level::Should, false), (Level::Must, false)], true, None, Outcome::Failed)]
    #[case(&[(Level::May, false)], false, None, Outcome::Passed)]
    #[case(&[(Level::Must, true)], true, None, Outcome::NotExercised)]
    #[case(&[(Level::Must, false)], false, Some(KnownResult::Failed), Outcome::Known)]
    #[case(&[(Level::Should, false)], false, Some(KnownResult::Finding), Outcome::Known)]
    #[case(&[(Level::Must, false)], false, Some(KnownResult::Finding), Outcome::Failed)]
    #[case(&[(Level::Must, true)], false, Some(KnownResult::Failed), Outcome::UnexpectedPass)]
    #[case(&[(Level::Must, true)], true, Some(KnownResult::Failed), Outcome::NotExercised)]
    fn judges(
        #[case] checks: &[(Level, bool)],
        #[case] idle: bool,
        #[case] result_known: Option<KnownResult>,
        #[case] expected: Outcome,
    ) {
        let checks: Vec<Check> = checks.iter().map(|(level, held)| check(*level, *held)).collect();
        let known = result_known.map(|result| known(result, json!("signed-in")));
        assert_eq!(result(checks, idle, known.as_ref(), "s", "2026-11-29").outcome, expected);
    }

    #[rstest]
    #[case::looks(Outcome::Passed, None, Outcome::Passed, None)]
    #[case::may_look(
        Outcome::Passed,
        Some("the server does not do this, which is optional"),
        Outcome::NotExercised,
        Some("the server never refused what `a/b` sends, so the test proves nothing")
    )]
    #[case::does_not_look(
        Outcome::Failed,
        None,
        Outcome::NotExercised,
        Some("the server never refused what `a/b` sends, so the test proves nothing")
    )]
    #[case::unknown(
        Outcome::Skipped,
        Some("no route"),
        Outcome::NotExercised,
        Some("its proof `a/b` has the result skipped (no route), so the test proves nothing")
    )]
    #[case::broken(
        Outcome::Error,
        Some("gone"),
        Outcome::Error,
        Some("its proof `a/b` has the result error (gone), so the test proves nothing")
    )]
    fn a_pass_needs_its_proof(
        #[case] proof: Outcome,
        #[case] reason: Option<&str>,
        #[case] expected: Outcome,
        #[case] why: Option<&str>,
    ) {
        let result = |outcome, reason: Option<&str>| CaseResult {
            outcome,
            reason: reason.map(ToOwned::to_owned),
            fault: None,
            needs: None,
        };
        let passed = result(Outcome::Passed, None);
        assert_eq!(proven(passed, "a/b", &result(proof, reason)), result(expected, why));
    }

    #[rstest]
    #[case::last_day("signed-in", "s", "2026-11-29", Outcome::Known, "")]
    #[case::over("signed-in", "s", "2026-11-30", Outcome::StaleEntry, "expired after 2026-11-29")]
    #[case::another_value(
        "done",
        "s",
        "2026-11-29",
        Outcome::Failed,
        "`outcome` of `s` is \"signed-in\", but the baseline has \"done\""
    )]
    #[case::another_step(
        "signed-in",
        "t",
        "2026-11-29",
        Outcome::Failed,
        "`outcome` of `t` also fails: found \"signed-in\""
    )]
    fn only_what_was_measured_is_known(
        #[case] value: &str,
        #[case] step: &str,
        #[case] today: &str,
        #[case] expected: Outcome,
        #[case] reason: &str,
    ) {
        let known = known(KnownResult::Failed, json!(value));
        let result = result(vec![check(Level::Must, false)], false, Some(&known), step, today);
        assert_eq!(result.outcome, expected);
        assert!(result.reason.as_ref().is_some_and(|text| text.contains(reason)), "{result:?}");
    }

    #[test]
    fn an_entry_for_a_step_that_was_not_played_is_not_exercised() {
        let known = known(KnownResult::Failed, json!("signed-in"));
        let result = result(vec![check(Level::Must, true)], false, Some(&known), "another", "2026-11-29");
        assert_eq!(result.outcome, Outcome::NotExercised);
    }
}
