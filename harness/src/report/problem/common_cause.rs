//! What many failed tests have in common: sign-ins that had to succeed and
//! failed alike. Each such cause is one problem, whatever the tests are about.

use std::collections::{BTreeMap, BTreeSet};

use super::refused_sign_in::{
    REFUSED_WITH_KEYS, REFUSED_WITHOUT_KEYS, RefusedSignIn, SignInFailure, is_unanswered, opens_session,
};
use super::repeated_fault::{RepeatedFault, repeated_faults, repeated_session_faults};
use super::root_fault::{RootFault, root_faults};
use super::shape::Problem;
use crate::expect::ForeignOwner;
use crate::report::Outcome;
use crate::report::exchange::{ExchangeReport, Party};
use crate::report::shape::CaseReport;
use crate::severity::Severity;

/// So many tests make a cause common, unless a control is among them.
pub(super) const FEWEST: usize = 3;

/// So many tests show that a server opens sessions whatever is wrong.
const MANY: usize = 50;

/// How much of what a server or provider says stands in a sentence, in
/// characters.
const LONGEST: usize = 100;

/// One cause of several failed tests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CommonCause {
    /// Sign-ins that had to succeed failed alike.
    SignIn(SignInFailure),
    /// The server verifies no ID token, as it has no keys.
    NoKeys,
    /// The server opens a session although it refuses the sign-in, whatever it refuses
    /// it for.
    RefusalWithSession,
    /// Several problems together mean one fault.
    Root(&'static RootFault),
    /// The server gets one thing wrong in tests about many.
    Repeated(RepeatedFault),
    /// The server opens sessions of other accounts in most sign-ins that it must refuse.
    ForeignSessions,
    /// The server gives no answer, so that nothing can be said of the rest.
    NoAnswer,
}

impl CommonCause {
    /// The problem that `tests` show. `works` says that the run shows an honest sign-in
    /// that succeeds.
    pub(super) fn problem<'a>(&self, tests: Vec<&'a CaseReport>, works: bool) -> Problem<'a> {
        match self {
            Self::Repeated(fault) => return fault.problem(tests),
            Self::Root(fault) => return fault.problem(tests),
            _ => {}
        }
        let had_tokens = tests.iter().filter(|case| has_tokens(case)).count() * 2 > tests.len();
        let works = works && matches!(self, Self::SignIn(_));
        let problem = Problem { works, ..Problem::of(self.sentence(), self.severity(), tests, true) };
        let asks_for_keys = problem.requests().is_some_and(|requests| requests.contains("jwks"));
        match self {
            Self::SignIn(SignInFailure::Answer { .. }) if had_tokens => Problem {
                why: Some(if asks_for_keys { REFUSED_WITH_KEYS } else { REFUSED_WITHOUT_KEYS }),
                advice: Some("Look for the error in the server's log."),
                ..problem
            },
            Self::SignIn(SignInFailure::ForeignSession(_)) => Problem {
                requirements: vec!["OIDC Core §5.7"],
                why: Some(
                    "Every end-user of the provider can sign in to accounts of other end-users, perhaps to an \
                     administrator's.",
                ),
                advice: Some("Turn OAuth off until the server is fixed."),
                ..problem
            },
            Self::RefusalWithSession => Problem {
                requirements: vec!["OIDC Core §3.1.3.7"],
                why: Some(
                    "The server answers with an error, but opens a session all the same. Its checks keep no attacker \
                     out.",
                ),
                advice: Some("Turn OAuth off until the server is fixed."),
                ..problem
            },
            Self::ForeignSessions => Problem {
                requirements: vec!["OIDC Core §3.1.3.7"],
                why: Some(
                    "Whatever is wrong with a sign-in, an attacker gets the session of another account. The cause is \
                     what the server does when it refuses, not each of its checks.",
                ),
                advice: Some("Turn OAuth off until the server is fixed."),
                ..problem
            },
            _ => problem,
        }
    }

    /// Whether the server refuses a sign-in that it must accept, of its own accord.
    pub(super) const fn is_refused_sign_in(&self) -> bool {
        matches!(self, Self::SignIn(SignInFailure::NoTokenRequest | SignInFailure::Answer { .. }))
    }

    /// What the server does, or what becomes of every sign-in.
    fn sentence(&self) -> String {
        match self {
            Self::Repeated(fault) => fault.sentence(),
            Self::Root(fault) => fault.sentence.to_owned(),
            Self::NoAnswer => "Does not answer any more, or not in time".to_owned(),
            Self::RefusalWithSession => "Opens a session although it refuses the sign-in".to_owned(),
            Self::ForeignSessions => "Opens sessions of other accounts in sign-ins that it must refuse".to_owned(),
            Self::NoKeys => "Never requests the provider's JWKS, so it does not verify ID tokens".to_owned(),
            Self::SignIn(SignInFailure::ForeignSession(ForeignOwner::FromBefore)) => {
                "Signs end-users in to accounts that existed before the run".to_owned()
            }
            Self::SignIn(SignInFailure::ForeignSession(ForeignOwner::OfTheRun)) => {
                "Signs end-users in to accounts of other end-users".to_owned()
            }
            Self::SignIn(SignInFailure::ByProvider { endpoint, status, text }) => {
                let said = format!("({status}{})", said(text));
                match endpoint {
                    Some(name) => format!("Sign-in fails: the provider refuses the {name} request {said}"),
                    None => format!("Sign-in fails: the server requests a path that the provider does not have {said}"),
                }
            }
            Self::SignIn(SignInFailure::NoTokenRequest) => {
                "Sign-in fails: the server never sends a token request".to_owned()
            }
            Self::SignIn(SignInFailure::Answer { status, text }) => {
                format!("Sign-in fails: the server answers {status}{}", said(text))
            }
            Self::SignIn(SignInFailure::Outcome(outcome)) => format!("Sign-in fails: {outcome}"),
        }
    }

    /// How bad it is. Where people cannot sign in, no stranger gets in either.
    const fn severity(&self) -> Severity {
        match self {
            Self::NoKeys
            | Self::RefusalWithSession
            | Self::ForeignSessions
            | Self::SignIn(SignInFailure::ForeignSession(_)) => Severity::High,
            Self::NoAnswer | Self::Repeated(_) | Self::Root(_) | Self::SignIn(_) => Severity::Medium,
        }
    }
}

/// Whether the server got tokens in the last step of a test that asked for any.
fn has_tokens(case: &CaseReport) -> bool {
    let mut all = case.steps.held().iter().flat_map(|step| &step.exchanges);
    let is_token = |one: &&ExchangeReport| one.from == Party::Target && one.endpoint.as_deref() == Some("token");
    all.rfind(is_token).is_some_and(|one| !one.exchange.is_error())
}

fn said(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(LONGEST).collect();
    let dots = if short.len() < line.len() { "…" } else { "" };
    if short.is_empty() { String::new() } else { format!(": {short}{dots}") }
}

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
    use crate::report::problem::problems;
    use crate::report::problem::sample::{FAILED, altered, exchange, report, step, told};
    use crate::report::step::StepReport;

    #[rstest]
    #[case::with_tokens(200, true)]
    #[case::without_tokens(400, false)]
    fn a_refusal_after_the_tokens_is_the_servers_own(#[case] status: u16, #[case] is_own: bool) {
        let token = exchange(Party::Provider, Some("token"), status, "");
        let answer = exchange(Party::Target, None, 400, r#"{"message":"Refused"}"#);
        let results = ["a/a", "a/b", "a/c"].map(|name| (name, Outcome::Blocked));
        let report = report(&results, &[step(FAILED, vec![token, answer])], |_| None);
        let found = problems(&report);
        assert_eq!((found.len(), found[0].why.is_some_and(|why| why.contains("then the server"))), (1, is_own));
    }

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
