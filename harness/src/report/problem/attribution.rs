//! Which failed tests a common cause accounts for. What the cause is, and what reports say
//! of it, is for [`super::common_cause`].

use std::collections::{BTreeMap, BTreeSet};

use super::common_cause::CommonCause;
use super::refused_sign_in::{RefusedSignIn, SignInFailure, is_unanswered, opens_session};
use super::repeated_fault::{repeated_faults, repeated_session_faults};
use super::root_fault::root_faults;
use crate::expect::ForeignOwner;
use crate::report::Outcome;
use crate::report::exchange::Party;
use crate::report::shape::CaseReport;

/// So many tests make a cause common, unless a control is among them.
pub(super) const FEWEST: usize = 3;

/// So many tests show that a server opens sessions whatever is wrong.
const MANY: usize = 50;

/// Takes the tests with a common cause out of `failed`. Returns them by cause.
/// `works` says that the run shows an honest sign-in that succeeds, and `has_keys` that
/// the server requests the provider's JWKS in some test.
pub(super) fn common_causes<'a>(
    failed: &mut Vec<&'a CaseReport>,
    works: bool,
    has_keys: bool,
) -> Vec<(CommonCause, Vec<&'a CaseReport>)> {
    let unanswered: Vec<&CaseReport> = failed.iter().filter(|case| is_unanswered(case)).copied().collect();
    // One that waits too long for the provider has a problem of its own.
    let stops = unanswered.len() >= FEWEST;
    failed.retain(|case| !stops || !is_unanswered(case));
    let opened = with_session(failed);
    failed.retain(|case| !opened.iter().any(|taken| std::ptr::eq(*taken, *case)));
    let red = failed.len();
    let roots = root_faults(failed);
    failed.retain(|case| !roots.iter().flat_map(|(_, tests)| tests).any(|taken| std::ptr::eq(*taken, *case)));
    let mut early = repeated_faults(failed);
    failed.retain(|case| !early.iter().flat_map(|(_, tests)| tests).any(|taken| std::ptr::eq(*taken, *case)));
    let foreign = with_foreign_session(failed);
    failed.retain(|case| !foreign.iter().any(|taken| std::ptr::eq(*taken, *case)));
    let mut causes: BTreeMap<CommonCause, Vec<(&'a CaseReport, bool)>> = BTreeMap::new();
    for case in failed.iter() {
        if let Some(RefusedSignIn { refusal, is_honest }) = RefusedSignIn::of(case) {
            causes.entry(CommonCause::SignIn(refusal)).or_default().push((case, is_honest));
        }
    }
    absorb(&mut causes, red);
    let mut gathered: Vec<(CommonCause, Vec<&CaseReport>)> =
        causes.into_iter().filter_map(|(cause, tests)| Some((cause.clone(), shared(&cause, tests, works)?))).collect();
    let unverified = unverified(failed);
    if !has_keys && unverified.len() >= FEWEST {
        gathered.push((CommonCause::NoKeys, unverified));
    }
    early.extend(repeated_session_faults(failed));
    gathered.extend(roots.into_iter().map(|(fault, tests)| (CommonCause::Root(fault), tests)));
    gathered.extend(early.into_iter().map(|(fault, tests)| (CommonCause::Repeated(fault), tests)));
    if !opened.is_empty() {
        gathered.push((CommonCause::RefusalWithSession, opened));
    }
    if !foreign.is_empty() {
        gathered.push((CommonCause::ForeignSessions, foreign));
    }
    if stops {
        gathered.push((CommonCause::NoAnswer, unanswered));
    }
    failed.retain(|case| !gathered.iter().flat_map(|(_, tests)| tests).any(|taken| std::ptr::eq(*taken, *case)));
    gathered
}

/// Where one cause fails most tests, honest sign-ins among them, no other sign-in
/// that had to succeed proves anything: it counts as failed for that cause.
fn absorb(causes: &mut BTreeMap<CommonCause, Vec<(&CaseReport, bool)>>, red: usize) {
    let is_main = |tests: &[(&CaseReport, bool)]| {
        tests.len() * 2 > red && tests.iter().any(|(case, _)| case.result.outcome == Outcome::Blocked)
    };
    let Some(main) = causes.iter().find(|(_, tests)| is_main(tests)).map(|(cause, _)| cause.clone()) else { return };
    let is_own = |cause: &CommonCause| matches!(cause, CommonCause::SignIn(SignInFailure::ForeignSession(_)));
    let (kept, others) = std::mem::take(causes).into_iter().partition(|(cause, _)| *cause == main || is_own(cause));
    *causes = kept;
    let others: BTreeMap<CommonCause, Vec<(&CaseReport, bool)>> = others;
    causes.entry(main).or_default().extend(others.into_values().flatten());
}

/// Returns the tests for which the cause accounts; none where it is common to
/// too few. A failed control is an honest sign-in: where one fails, a sign-in
/// with an altered message fails for the same cause, and not for the alteration.
/// Where another sign-in works and few other scenarios fail so, the control blames
/// its scenario.
/// One test is enough where the provider says why, or where no other sign-in of
/// the run shows that the subject of the test is to blame.
fn shared<'a>(cause: &CommonCause, tests: Vec<(&'a CaseReport, bool)>, works: bool) -> Option<Vec<&'a CaseReport>> {
    let is_blocked = |case: &CaseReport| case.result.outcome == Outcome::Blocked;
    let scenarios: BTreeSet<&str> = tests.iter().map(|(case, _)| case.scenario.as_str()).collect();
    let has_control =
        scenarios.len() >= (if works { FEWEST } else { 1 }) && tests.iter().any(|(case, _)| is_blocked(case));
    let is_kept = |(case, is_honest): &(&CaseReport, bool)| has_control || *is_honest && !is_blocked(case);
    let kept: Vec<&CaseReport> = tests.into_iter().filter(is_kept).map(|(case, _)| case).collect();
    let CommonCause::SignIn(failure) = cause else { return None };
    let fewest = match failure {
        SignInFailure::ByProvider { .. } => 1,
        SignInFailure::NoTokenRequest | SignInFailure::Answer { .. } | SignInFailure::ForeignSession(_) if !works => 1,
        SignInFailure::NoTokenRequest | SignInFailure::ForeignSession(_) => FEWEST,
        SignInFailure::Answer { .. } | SignInFailure::Outcome(_) => usize::MAX,
    };
    (has_control || kept.len() >= fewest).then_some(kept)
}

/// Returns the tests in which the server opens the session of another account and must
/// refuse; none where they are not most of those that failed.
fn with_foreign_session<'a>(cases: &[&'a CaseReport]) -> Vec<&'a CaseReport> {
    let is_foreign = |case: &&&CaseReport| case.foreign_owner().is_some() && RefusedSignIn::of(case).is_none();
    let tests: Vec<&CaseReport> = cases.iter().filter(is_foreign).copied().collect();
    if tests.len() < MANY || tests.len() * 2 < cases.len() { Vec::new() } else { tests }
}

/// Returns the tests in which the server refuses and opens a session; none where too
/// few scenarios show it.
fn with_session<'a>(cases: &[&'a CaseReport]) -> Vec<&'a CaseReport> {
    let tests: Vec<&CaseReport> = cases.iter().filter(|case| opens_session(case)).copied().collect();
    let scenarios: BTreeSet<&str> = tests.iter().map(|case| case.scenario.as_str()).collect();
    if scenarios.len() < FEWEST { Vec::new() } else { tests }
}

/// Returns the tests in which the server asks for tokens and accepts an altered ID token.
/// One in which it hands out the session of an account from before the run says more.
fn unverified<'a>(cases: &[&'a CaseReport]) -> Vec<&'a CaseReport> {
    let accepts_altered = |case: &&&CaseReport| {
        let all = || case.steps.held().iter().flat_map(|step| &step.exchanges);
        let is_plain = RefusedSignIn::of(case).is_none()
            && case.steps.held().iter().all(|step| step.foreign_owner != Some(ForeignOwner::FromBefore));
        all().flat_map(|one| &one.deviations).any(|one| one.message == "id-token")
            && all().any(|one| one.from == Party::Target && one.endpoint.as_deref() == Some("token"))
            && is_plain
    };
    cases.iter().filter(accepts_altered).copied().collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::expect::ForeignOwner;
    use crate::report::Outcome;
    use crate::report::exchange::Party;
    use crate::report::problem::sample::{FAILED, altered, exchange, report, step, told};
    use crate::report::step::StepReport;

    #[test]
    fn a_sign_in_that_the_server_never_finishes_is_a_problem() {
        let exchanges = vec![
            exchange(Party::Provider, Some("discovery"), 200, ""),
            exchange(Party::Provider, Some("authorization"), 302, ""),
            exchange(Party::Target, None, 500, ""),
        ];
        let results = ["a/a", "a/b", "a/c"].map(|name| (name, Outcome::Failed));
        let found = told(&report(&results, &[step(FAILED, exchanges)], |_| None));
        assert_eq!(found, [("Sign-in fails: the server never sends a token request".to_owned(), 3)]);
    }

    #[test]
    fn a_server_without_keys_is_one_problem() {
        let mut token = exchange(Party::Provider, Some("token"), 200, "");
        token.deviations = vec![altered("id-token", "signature")];
        let accepted = step(("\"refused\"", "\"signed-in\""), vec![token]);
        let results = ["a/a", "a/b", "a/c"].map(|name| (name, Outcome::Failed));
        let found = told(&report(&results, std::slice::from_ref(&accepted), |_| None));
        assert_eq!(found, [("Never requests the provider's JWKS, so it does not verify ID tokens".to_owned(), 3)]);
        let mut with_keys = accepted.clone();
        with_keys.exchanges.push(exchange(Party::Provider, Some("jwks"), 200, ""));
        assert_eq!(told(&report(&results, &[accepted.clone(), with_keys.clone()], |_| None)).len(), 3);
        // A test that passed shows it, too, even if its steps are left out.
        let mut verifies = report(&results, &[accepted], |_| None);
        let mut passed = verifies.results[0].clone();
        with_keys.checks.clear();
        (passed.result.outcome, passed.steps) = (Outcome::Passed, vec![with_keys].into());
        passed.steps.leave_out();
        verifies.results.push(passed);
        assert_eq!(told(&verifies).len(), 3);
    }

    #[test]
    fn refusals_that_open_sessions_are_one_problem() {
        let opened = "\"answered with an error, but with a session that works\"";
        let opened = step(("\"refused\"", opened), vec![exchange(Party::Target, None, 400, "")]);
        let results = ["a/a", "a/b", "a/c"].map(|name| (name, Outcome::Failed));
        let found = |results| told(&report(results, std::slice::from_ref(&opened), |_| None));
        assert_eq!(found(&results), [("Opens a session although it refuses the sign-in".to_owned(), 3)]);
        assert_eq!(found(&results[..2]).len(), 2);
    }

    #[rstest]
    #[case::many(50, 1)]
    #[case::fewer(49, 49)]
    fn sessions_of_others_in_most_refusals_are_one_problem(#[case] tests: usize, #[case] expected: usize) {
        let opened = step(("\"refused\"", "\"accepted, but the session belongs to another account\""), Vec::new());
        let opened = StepReport { foreign_owner: Some(ForeignOwner::OfTheRun), ..opened };
        let names: Vec<String> = (0..tests).map(|number| format!("a/{number}")).collect();
        let results: Vec<(&str, Outcome)> = names.iter().map(|name| (name.as_str(), Outcome::Failed)).collect();
        let report = report(&results, &[opened], |name| Some(format!("Does {name}")));
        assert_eq!(told(&report).len(), expected);
    }
}
