//! From checks to a result. Pure.

use crate::expect::Check;
use crate::level::Level;
use crate::report::{CaseResult, Outcome};
use crate::target::{Known, KnownResult};

/// What the checks of a test amount to. `not_exercised` says why the test was
/// not about what it is meant to be about, if so.
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
        (_, Some(Level::May)) => Some("the target does not do what it may do".to_owned()),
        _ => None,
    };
    CaseResult { outcome, reason, fault: None }
}

/// The same in the light of what is known of the target. Where an entry holds
/// no longer, the reason says what to do, so that every report does.
pub fn in_the_light_of(known: Option<&Known>, case: Option<&str>, plain: CaseResult) -> CaseResult {
    let Some(known) = known else { return plain };
    let why = format!("{} ({})", known.cause.reason, known.cause.reference);
    match (plain.outcome, known.result) {
        (Outcome::Failed, KnownResult::Failed)
        | (Outcome::Finding, KnownResult::Finding)
        | (Outcome::Blocked, KnownResult::Blocked) => CaseResult::new(Outcome::Known, why),
        (Outcome::Passed, _) => {
            let reason = format!("it passes now: {}; the entry says: {why}", known.amendment(case));
            CaseResult::new(Outcome::UnexpectedPass, reason)
        }
        _ => plain,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::target::{Cause, Place};

    fn check(level: Level, held: bool) -> Check {
        Check { path: "outcome".into(), level, held, expected: None, actual: None }
    }

    fn known(result: KnownResult) -> Known {
        let text = String::new;
        let cause = Cause { severity: None, reason: text(), reference: text(), advice: None };
        Known { scenario: text(), case: None, result, cause, place: Place::default() }
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
        let idle = idle.then_some("the target never asked");
        let known = result.map(known);
        assert_eq!(in_the_light_of(known.as_ref(), None, judge(&checks, idle)).outcome, expected);
    }
}
