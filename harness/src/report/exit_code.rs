//! The exit code that the results of a run add up to. What each code means,
//! and which is worse, is for [`crate::exit`].

use super::result::{CaseResult, Fault, Outcome};
use crate::exit::ExitCode;

/// The exit code of a run with these results; of several, the largest of 4,
/// 3, 1 wins. A run in which nothing passed is red.
pub fn exit_code(results: &[CaseResult], strict: bool) -> ExitCode {
    let has = |wanted: fn(&CaseResult) -> bool| results.iter().any(wanted);
    if has(|result| result.fault == Some(Fault::Harness)) {
        return ExitCode::Harness;
    }
    if has(|result| result.fault == Some(Fault::Target)) {
        return ExitCode::Unreachable;
    }
    let nothing_passed = !has(|result| result.outcome == Outcome::Passed);
    if nothing_passed || results.iter().any(|result| result.outcome.is_red(strict)) {
        return ExitCode::Failed;
    }
    ExitCode::Good
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

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
