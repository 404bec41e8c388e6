//! From checks to a result, and from results to an exit code. Pure.

use crate::exit::ExitCode;
use crate::expect::Check;
use crate::report::{CaseResult, Fault, Outcome};
use crate::scenario::Level;
use crate::target::{Known, KnownResult};

/// What the checks of a test amount to. `idle` names deviations that never
/// changed a message.
pub fn judge(checks: &[Check], idle: &[String]) -> CaseResult {
    let worst = checks.iter().filter(|check| !check.held).map(|check| check.level).max();
    let outcome = match worst {
        Some(Level::Must) => Outcome::Failed,
        Some(Level::Should) => Outcome::Finding,
        Some(Level::May) | None if !idle.is_empty() => Outcome::NotExercised,
        Some(Level::May) | None => Outcome::Passed,
    };
    let reason = match (outcome, worst) {
        (Outcome::NotExercised, _) => Some(format!("the target never asked for what {} changes", idle.join(", "))),
        (_, Some(Level::May)) => Some("the target does not do what it may do".to_owned()),
        _ => None,
    };
    CaseResult { outcome, reason, fault: None }
}

/// The same in the light of what is known of the target.
pub fn in_the_light_of(known: Option<&Known>, plain: CaseResult) -> CaseResult {
    let Some(known) = known else { return plain };
    let reason = Some(format!("{} ({})", known.reason, known.reference));
    match (plain.outcome, known.result) {
        (Outcome::Failed, KnownResult::Failed)
        | (Outcome::Finding, KnownResult::Finding)
        | (Outcome::Blocked, KnownResult::Blocked) => CaseResult { outcome: Outcome::Known, reason, fault: None },
        (Outcome::Passed, _) => CaseResult { outcome: Outcome::UnexpectedPass, reason, fault: None },
        _ => plain,
    }
}

/// The exit code of a run with these results (DESIGN: of several, the largest
/// of 4, 3, 1 wins). A run in which nothing passed is red.
pub fn exit_code(results: &[CaseResult], strict: bool) -> ExitCode {
    let has = |wanted: fn(&CaseResult) -> bool| results.iter().any(wanted);
    if has(|result| result.fault == Some(Fault::Harness)) {
        return ExitCode::Harness;
    }
    if has(|result| result.fault == Some(Fault::Target)) {
        return ExitCode::Unreachable;
    }
    let red = |outcome: Outcome| match outcome {
        Outcome::Failed | Outcome::Blocked | Outcome::UnexpectedPass | Outcome::StaleEntry | Outcome::Error => true,
        Outcome::Finding => strict,
        Outcome::Passed | Outcome::NotExercised | Outcome::Skipped | Outcome::Known => false,
    };
    let nothing_passed = !has(|result| result.outcome == Outcome::Passed);
    if nothing_passed || results.iter().any(|result| red(result.outcome)) {
        return ExitCode::Failed;
    }
    ExitCode::Good
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn check(level: Level, held: bool) -> Check {
        Check { path: "outcome".into(), level, held, expected: None, actual: None }
    }

    fn known(result: KnownResult) -> Known {
        let text = String::new;
        Known { scenario: text(), case: None, result, severity: None, reason: text(), reference: text() }
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
        #[case] result: Option<KnownResult>,
        #[case] expected: Outcome,
    ) {
        let checks: Vec<Check> = checks.iter().map(|(level, held)| check(*level, *held)).collect();
        let idle: Vec<String> = idle.then(|| "a-quirk".to_owned()).into_iter().collect();
        let known = result.map(known);
        assert_eq!(in_the_light_of(known.as_ref(), judge(&checks, &idle)).outcome, expected);
    }

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
        let results: Vec<CaseResult> =
            outcomes.iter().map(|outcome| CaseResult { outcome: *outcome, reason: None, fault: None }).collect();
        assert_eq!(exit_code(&results, strict), expected);
    }

    #[test]
    fn of_several_faults_the_largest_wins() {
        let result = |fault| CaseResult { outcome: Outcome::Error, reason: None, fault };
        let results = [result(Some(Fault::Target)), result(Some(Fault::Harness)), result(None)];
        assert_eq!(exit_code(&results, false), ExitCode::Harness);
        assert_eq!(exit_code(&results[..1], false), ExitCode::Unreachable);
    }
}
