//! What a test that played beside others shows for certain: others cannot be the cause of
//! it. Whatever is not certain is played again alone, by [`super::work`]. Pure.

use crate::expect::Check;
use crate::report::{CaseReport, Outcome};

/// The sections of the evidence that are known when the turn of a test ends. Others may
/// take steps while the harness looks at the rest.
const OF_A_TURN: &[&str] = &["outcome", "response", "redirect", "cookies", "provider-saw", "other-provider-saw"];

/// Whether others cannot be the cause of the result of a test. Others cannot bring about
/// that the server lets an end-user in whom it must refuse. Nor are they the cause of what
/// the server answered or requested while no other took a step; but then it may still have
/// been busy with them, so this counts only where it is no news: as a note of a test that
/// passed, or as a known failure.
pub(super) fn is_certain(report: &CaseReport, has_own_turn: bool) -> bool {
    let mut missed = report.steps.held().iter().flat_map(|step| &step.checks).filter(|check| !check.held);
    let is_of_turn = |check: &Check| {
        let section = check.path.split('.').next().unwrap_or_default();
        has_own_turn && OF_A_TURN.contains(&section)
    };
    let is_no_news = |check: &Check| lets_in(check) || is_of_turn(check);
    match report.result.outcome {
        Outcome::Skipped => true,
        Outcome::Passed => report.result.reason.is_none() || missed.all(is_no_news),
        Outcome::Known => missed.all(is_no_news),
        // With a reason, it differs from what is known, and may not do so alone.
        Outcome::Failed | Outcome::Finding => {
            let missed: Vec<&Check> = missed.collect();
            report.result.reason.is_none() && !missed.is_empty() && missed.into_iter().all(lets_in)
        }
        _ => false,
    }
}

/// Whether the server let an end-user in whom it must refuse. That it did something else
/// (`done`) may be because it was slow to end a session.
fn lets_in(check: &Check) -> bool {
    check.is_acceptance() && check.actual.as_deref() != Some("\"done\"")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::level::Level;
    use crate::report::{CaseResult, StepReport};

    const LET_IN: (&str, &str, &str) = ("outcome", "refused", "signed-in");
    const LINKED: (&str, &str, &str) = ("outcome", "refused", "linked");
    const DONE: (&str, &str, &str) = ("outcome", "refused", "done");
    const REFUSED: (&str, &str, &str) = ("outcome", "signed-in", "refused");
    const OF_AN_ACCOUNT: (&str, &str, &str) = ("account.name", "refused", "signed-in");

    #[rstest]
    #[case::passes(Outcome::Passed, None, false, &[], true)]
    #[case::is_skipped(Outcome::Skipped, Some("no route"), false, &[], true)]
    #[case::errs(Outcome::Error, Some("no answer"), true, &[], false)]
    #[case::is_not_exercised(Outcome::NotExercised, Some("no request"), true, &[], false)]
    #[case::is_blocked(Outcome::Blocked, Some("its control"), true, &[LET_IN], false)]
    #[case::may_let_in(Outcome::Passed, Some("optional"), false, &[LET_IN], true)]
    #[case::may_refuse(Outcome::Passed, Some("optional"), false, &[REFUSED], false)]
    #[case::may_refuse_in_own_turn(Outcome::Passed, Some("optional"), true, &[REFUSED], true)]
    #[case::may_not_link(Outcome::Passed, Some("optional"), false, &[("outcome", "linked", "signed-in")], false)]
    #[case::something_else(Outcome::Passed, Some("optional"), false, &[LET_IN, OF_AN_ACCOUNT], false)]
    #[case::lets_in(Outcome::Failed, None, false, &[LET_IN], true)]
    #[case::links(Outcome::Finding, None, false, &[LINKED], true)]
    #[case::does_something(Outcome::Failed, None, false, &[DONE], false)]
    #[case::refuses_in_own_turn(Outcome::Failed, None, true, &[REFUSED], false)]
    #[case::differs_from_what_is_known(Outcome::Failed, Some("differs"), false, &[LET_IN], false)]
    #[case::fails_without_a_check(Outcome::Failed, None, false, &[], false)]
    #[case::lets_in_as_known(Outcome::Known, Some("#1"), false, &[LET_IN], true)]
    #[case::refuses_as_known(Outcome::Known, Some("#1"), false, &[REFUSED], false)]
    #[case::refuses_as_known_in_own_turn(Outcome::Known, Some("#1"), true, &[REFUSED], true)]
    fn what_others_may_cause_is_not_certain(
        #[case] outcome: Outcome,
        #[case] reason: Option<&str>,
        #[case] has_own_turn: bool,
        #[case] missed: &[(&str, &str, &str)],
        #[case] certain: bool,
    ) {
        let check = |(path, expected, actual): &(&str, &str, &str)| Check {
            expected: Some(format!("{expected:?}")),
            actual: Some(format!("{actual:?}")),
            ..Check::missed(path, Level::May)
        };
        let step = StepReport::sample(missed.iter().map(check).collect());
        let mut report = CaseReport::named("s", None);
        report.result = CaseResult { outcome, reason: reason.map(ToOwned::to_owned), fault: None, needs: None };
        report.steps = vec![step].into();
        assert_eq!(is_certain(&report, has_own_turn), certain);
    }
}
