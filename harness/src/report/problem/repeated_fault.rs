//! One fault in the last failed steps of tests about many things: a server error at a
//! route, a wrong member or address, a session that neither works nor has ended.

use std::collections::{BTreeMap, BTreeSet};

use super::shape::Problem;
use crate::expect::{Check, ODD_SESSION};
use crate::immich::ApiRoute;
use crate::report::exchange::{ExchangeReport, Party};
use crate::report::shape::CaseReport;
use crate::report::step::StepReport;
use crate::severity::Severity;

/// What the server gets wrong in tests about many things.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RepeatedFault {
    /// It answers a request with an error: the route and the status.
    Route(String, u16),
    /// It gets one thing wrong: what it does.
    Wrong(String),
    /// It ends sessions for some routes only, or answers oddly for them: what it answers.
    OddSession(String),
    /// It leaves sessions open after an action that must end them.
    OpenSession(String),
}

impl RepeatedFault {
    /// What the server does.
    pub(super) fn sentence(&self) -> String {
        match self {
            Self::Route(route, status) => format!("Answers {status} to {route}"),
            Self::Wrong(sentence) => sentence.clone(),
            Self::OddSession(answer) => format!("Leaves sessions neither alive nor ended: {answer}"),
            Self::OpenSession(_) => "Leaves sessions open that must end".to_owned(),
        }
    }

    /// Why it matters, and what an administrator can do.
    const fn consequence(&self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Route(..) => (
                "The server fails at this request in all these tests, whatever they are about.",
                Some("Look for the error in the server's log."),
            ),
            Self::Wrong(_) => {
                ("Tests about many things show it, so that the cause is not in what each is about.", None)
            }
            Self::OddSession(_) => (
                "An end-user who signs out relies on the end of the session. While a route still accepts its token, a \
                 thief of the token can use it.",
                None,
            ),
            Self::OpenSession(_) => {
                ("End-users believe that they are signed out. The next person at the computer sees the photos.", None)
            }
        }
    }

    /// The problem that `tests` show. It is as bad as the worst of them.
    pub(super) fn problem<'a>(&self, tests: Vec<&'a CaseReport>) -> Problem<'a> {
        let severity = tests.iter().filter_map(|case| case.severity).min().unwrap_or(Severity::Medium);
        let problem = Problem::of(self.sentence(), severity, tests, true);
        let requirements = match self {
            Self::Route(_, 500..) => vec!["RFC 9110 §15.6"],
            _ => problem.example().into_iter().flat_map(|case| &case.requirement).map(String::as_str).collect(),
        };
        let (why, advice) = self.consequence();
        Problem { requirements, why: Some(why), advice, ..problem }
    }
}

/// So many scenarios show a server error, or wrong sessions, whatever they are about.
const FEWEST: usize = 3;

/// So many scenarios show that one thing is wrong whatever a test is about.
const SEVERAL: usize = 5;

/// The actions whose failures have a cause of their own: that sign-in fails.
const SIGN_INS: &[&str] = &["sign-in", "start-sign-in", "callback", "link"];

/// A cause, and the tests that show it.
type Shown<'a> = (RepeatedFault, Vec<&'a CaseReport>);

/// Returns the tests in which a route or a member is wrong, whatever they are about.
pub(super) fn repeated_faults<'a>(cases: &[&'a CaseReport]) -> Vec<Shown<'a>> {
    let mut faults = by_scenarios(cases, failed_route, FEWEST);
    for cause in [refusing_route, wrong] {
        let left: Vec<&CaseReport> = cases.iter().filter(|case| !is_among(&faults, case)).copied().collect();
        faults.extend(by_scenarios(&left, cause, SEVERAL));
    }
    faults
}

fn is_among(faults: &[Shown<'_>], case: &CaseReport) -> bool {
    faults.iter().flat_map(|(_, tests)| tests).any(|one| std::ptr::eq(*one, case))
}

/// Returns the tests in which sessions are wrong, whatever they are about.
pub(super) fn repeated_session_faults<'a>(cases: &[&'a CaseReport]) -> Vec<Shown<'a>> {
    by_scenarios(cases, session, FEWEST)
}

/// Returns the tests by what is wrong in their last failed step; none where few scenarios
/// show the same.
fn by_scenarios<'a>(
    cases: &[&'a CaseReport],
    cause: fn(&StepReport) -> Option<RepeatedFault>,
    fewest: usize,
) -> Vec<Shown<'a>> {
    let mut by_cause: BTreeMap<RepeatedFault, Vec<&'a CaseReport>> = BTreeMap::new();
    for case in cases {
        if let Some(cause) = case.failed_step().and_then(cause) {
            by_cause.entry(cause).or_default().push(case);
        }
    }
    by_cause.retain(|_, tests| tests.iter().map(|case| &case.scenario).collect::<BTreeSet<_>>().len() >= fewest);
    by_cause.into_iter().collect()
}

/// The route to which the server answers with a server error last, if the step is no
/// sign-in, and the provider refuses nothing.
fn failed_route(step: &StepReport) -> Option<RepeatedFault> {
    error_at_route(step).filter(|fault| matches!(fault, RepeatedFault::Route(_, 500..)))
}

/// The same with any error, where the step had to succeed.
fn refusing_route(step: &StepReport) -> Option<RepeatedFault> {
    let is_refusal = step.checks.iter().any(|check| check.path == "outcome" && check.held);
    error_at_route(step).filter(|_| !is_refusal)
}

fn error_at_route(step: &StepReport) -> Option<RepeatedFault> {
    let says_more = |one: &ExchangeReport| {
        let is_named = one.endpoint.as_deref().is_some_and(|name| ["authorization", "token"].contains(&name));
        is_named || one.to == Party::Provider && one.exchange.is_error()
    };
    let is_other = !SIGN_INS.contains(&step.action.as_str());
    let last = step.exchanges.iter().rfind(|one| one.to == Party::Target && one.exchange.status.is_some());
    let last = last.filter(|_| is_other)?;
    let status = last.exchange.status.filter(|status| *status >= 400 && !step.exchanges.iter().any(says_more))?;
    Some(RepeatedFault::Route(ApiRoute::of(&last.exchange), status))
}

/// What is wrong in the step, if that is not its outcome: a member of the account, an
/// address or a parameter.
fn wrong(step: &StepReport) -> Option<RepeatedFault> {
    let check = step.checks.iter().find(|check| !check.held)?;
    let (section, path) = check.path.split_once('.')?;
    let last = path.rsplit('.').next().unwrap_or(path);
    Some(RepeatedFault::Wrong(match section {
        "account" if !["exists", "same-as"].contains(&path) => format!("Sets `{path}` of accounts wrongly"),
        "redirect" if path.starts_with("parameters.") => format!("Redirects with a wrong `{last}`"),
        "redirect" => "Redirects the browser to a wrong address".to_owned(),
        "provider-saw" if last != "count" => format!("Sends a wrong `{last}` to the provider"),
        _ => return None,
    }))
}

/// What is wrong with sessions after a step; none if something else is wrong.
fn session(step: &StepReport) -> Option<RepeatedFault> {
    let mut failed = step.checks.iter().filter(|check| !check.held);
    let answer =
        |check: &Check| check.actual.as_deref()?.trim_matches('"').strip_prefix(ODD_SESSION).map(ToOwned::to_owned);
    if let Some(answer) = failed.clone().find_map(answer) {
        return Some(RepeatedFault::OddSession(answer));
    }
    let is_open = |check: &Check| check.path.starts_with("sessions.") && check.actual.as_deref() == Some("\"alive\"");
    failed.all(is_open).then(|| RepeatedFault::OpenSession(step.action.clone()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::expect::Check;
    use crate::report::Outcome;
    use crate::report::exchange::Party;
    use crate::report::problem::sample::{FAILED, exchange, report, step, told};
    use crate::report::step::StepReport;

    #[test]
    fn sessions_that_stay_open_after_one_action_are_one_problem() {
        let alive = step(("\"ended\"", "\"alive\""), Vec::new());
        let path = |check: &Check| Check { path: "sessions.in".into(), ..check.clone() };
        let alive = StepReport { checks: alive.checks.iter().map(path).collect(), ..alive };
        let results = ["a/a", "a/b", "a/c"].map(|name| (name, Outcome::Failed));
        let found = |results| {
            told(&report(results, std::slice::from_ref(&alive), |name| Some(format!("Does {name} with a session"))))
        };
        assert_eq!(found(&results), [("Leaves sessions open that must end".to_owned(), 3)]);
        assert_eq!(found(&results[..2]).len(), 2);
    }

    /// In tests about many things, the cause is not in what each is about.
    #[rstest]
    #[case::of_accounts("account.name", "\"x\"", 5, "Sets `name` of accounts wrongly")]
    #[case::of_few("account.name", "\"x\"", 4, "Does a/0")]
    #[case::parameter("redirect.parameters.scope", "\"x\"", 5, "Redirects with a wrong `scope`")]
    #[case::address("redirect.base", "\"/x\"", 5, "Redirects the browser to a wrong address")]
    #[case::request("provider-saw.token.client_secret", "absent", 5, "Sends a wrong `client_secret` to the provider")]
    #[case::count("provider-saw.token.count", "2", 5, "Does a/0")]
    #[case::server_error("response.status", "500", 3, "Answers 500 to POST /api/auth/logout")]
    #[case::error("response.status", "400", 5, "Answers 400 to POST /api/auth/logout")]
    #[case::error_of_few("response.status", "400", 4, "Does a/0")]
    fn one_fault_of_many_scenarios_is_one_problem(
        #[case] path: &str,
        #[case] actual: &str,
        #[case] scenarios: usize,
        #[case] expected: &str,
    ) {
        let mut answer = exchange(Party::Target, None, actual.parse().unwrap_or(200), "");
        (answer.exchange.method, answer.exchange.url) = ("POST".into(), "http://a.test/api/auth/logout".into());
        let wrong = step(("x", actual), vec![answer]);
        let at = |check: &Check| Check { path: path.into(), ..check.clone() };
        let wrong = StepReport { action: "logout".into(), checks: wrong.checks.iter().map(at).collect(), ..wrong };
        let names: Vec<String> = (0..scenarios).map(|number| format!("a/{number}")).collect();
        let results: Vec<(&str, Outcome)> = names.iter().map(|name| (name.as_str(), Outcome::Failed)).collect();
        let report = report(&results, &[wrong], |name| Some(format!("Does {name}")));
        assert_eq!(told(&report)[0].0, expected);
    }

    /// That sign-in fails says more than at which route it does.
    #[rstest]
    #[case("logout", "Answers 500 to POST /api/auth/logout")]
    #[case("start-sign-in", "Sign-in fails: the server answers 500: no issuer")]
    fn a_sign_in_that_fails_is_no_fault_of_a_route(#[case] action: &str, #[case] expected: &str) {
        let mut answer = exchange(Party::Target, None, 500, r#"{"message":"no issuer"}"#);
        (answer.exchange.method, answer.exchange.url) = ("POST".into(), "http://a.test/api/auth/logout".into());
        let failed = step(FAILED, vec![exchange(Party::Provider, Some("discovery"), 200, ""), answer]);
        let failed = StepReport { action: action.into(), ..failed };
        let results = ["a/a", "a/b", "a/c"].map(|name| (name, Outcome::Failed));
        assert_eq!(told(&report(&results, &[failed], |name| Some(format!("Does {name}"))))[0].0, expected);
    }

    #[test]
    fn sessions_that_end_for_some_routes_only_are_one_problem() {
        let path = |check: &Check| Check { path: "sessions.in".into(), ..check.clone() };
        let odd = step(("\"ended\"", "\"neither alive nor ended: A refuses it, but B accepts it\""), Vec::new());
        let odd = StepReport { checks: odd.checks.iter().map(path).collect(), ..odd };
        let results = ["a/a", "a/b", "a/c"].map(|name| (name, Outcome::Failed));
        let found = |results| told(&report(results, std::slice::from_ref(&odd), |_| None));
        let expected = "Leaves sessions neither alive nor ended: A refuses it, but B accepts it";
        assert_eq!(found(&results), [(expected.to_owned(), 3)]);
        assert_eq!(found(&results[..2]).len(), 2);
    }
}
