//! Gathers failed tests by what they have in common, and puts the worst first.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::common_cause::common_causes;
use super::refused_sign_in::{asks_for_keys, sign_in_works};
use super::shape::{Problem, ProblemScenario, sentence, severity};
use super::wrong_answer::wrong_answers;
use crate::report::shape::{CaseReport, Report};
use crate::report::{Outcome, SourceReport};
use crate::severity::Severity;

/// Returns the problems that a report shows, the worst first: what hands out
/// sessions of other people, then by severity, then what keeps most tests from
/// proving anything, then what scenarios without a profile show, which may have many
/// peculiarities, then what must not be before what should not, then what a last
/// step shows before what an earlier one shows, which may be about something else,
/// then what most scenarios show, then what the fewest steps show. Of several
/// variants of one thing, the plain one has the shortest sentence and stands first,
/// however many cases the others have.
pub fn problems(report: &Report) -> Vec<Problem<'_>> {
    let shows =
        |case: &&CaseReport| matches!(case.result.outcome, Outcome::Failed | Outcome::Finding | Outcome::Blocked);
    let mut cases: Vec<&CaseReport> = report.results.iter().filter(shows).collect();
    let mut problems = wrong_answers(&mut cases);
    let works = sign_in_works(report);
    let common = common_causes(&mut cases, works, asks_for_keys(report)).into_iter();
    problems.extend(common.map(|(cause, tests)| cause.problem(tests, works)));
    let mut by_sentence: BTreeMap<String, Vec<&CaseReport>> = BTreeMap::new();
    for case in cases {
        by_sentence.entry(sentence(case)).or_default().push(case);
    }
    problems.extend(by_sentence.into_iter().map(|(sentence, tests)| {
        let severity = tests.iter().map(|case| severity(case)).min().unwrap_or(Severity::Low);
        Problem::of(sentence, severity, tests, false)
    }));
    problems.sort_by_cached_key(|problem| {
        let blocked = problem.cases().filter(|case| case.result.outcome == Outcome::Blocked).count();
        let has_profile =
            |one: &ProblemScenario<'_>| report.sources.get(one.name).is_some_and(SourceReport::has_profile);
        let is_of_product = problem.scenarios.iter().all(has_profile);
        let worst =
            (Reverse(problem.foreign_owner), problem.severity, Reverse(blocked), is_of_product, Reverse(problem.level));
        let is_early = problem.cases().all(|case| case.steps_left > 0);
        let fewest = problem.cases().map(|case| case.steps.held().len()).min();
        (worst, is_early, Reverse(problem.scenarios.len()), fewest, problem.sentence.chars().count())
    });
    for problem in &mut problems {
        problem.note_cases(report);
    }
    let request = problems.iter().find(|problem| problem.is_about_request()).map(Problem::headline);
    for problem in problems.iter_mut().filter(|problem| problem.is_about_callback()) {
        problem.see_also.clone_from(&request);
    }
    problems
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::diagnostic::Diagnostic;
    use crate::exchange::Exchange;
    use crate::expect::{Check, ForeignOwner};
    use crate::level::Level;
    use crate::report::exchange::{CALLBACK, Deviation, ExchangeReport, Party};
    use crate::report::shape::TargetReport;
    use crate::report::step::StepReport;

    fn exchange(to: Party, endpoint: Option<&str>, status: u16, body: &str) -> ExchangeReport {
        let exchange = Exchange { status: Some(status), response_body: body.to_owned(), ..Exchange::default() };
        let from = if to == Party::Target { Party::UserAgent } else { Party::Target };
        let endpoint = endpoint.map(ToOwned::to_owned);
        ExchangeReport { from, to, endpoint, exchange, ..ExchangeReport::default() }
    }

    fn altered(message: &str, member: &str) -> Deviation {
        let text = String::new;
        Deviation { message: message.into(), member: member.into(), by: text(), text: text(), requirement: None }
    }

    /// A failed step, with what was expected and found of its outcome.
    fn step((expected, actual): (&str, &str), exchanges: Vec<ExchangeReport>) -> StepReport {
        let check = Check {
            path: "outcome".into(),
            alternative: None,
            level: Level::Must,
            held: false,
            expected: Some(expected.into()),
            actual: Some(actual.into()),
            found: None,
        };
        let (id, action, sentence) = ("s".into(), "sign-in".into(), "alice signs in".into());
        StepReport { id, action, sentence, checks: vec![check], foreign_owner: None, exchanges }
    }

    fn report(results: &[(&str, Outcome)], steps: &[StepReport], problem: impl Fn(&str) -> Option<String>) -> Report {
        let mut report = Report::sample(results);
        for (case, step) in report.results.iter_mut().zip(steps.iter().cycle()) {
            (case.steps, case.problem) = (vec![step.clone()].into(), problem(&case.scenario));
            case.title = case.scenario.clone();
        }
        report
    }

    fn told(report: &Report) -> Vec<(String, usize)> {
        problems(report).iter().map(|problem| (problem.sentence.clone(), problem.cases().count())).collect()
    }

    const FAILED: (&str, &str) = ("\"signed-in\"", "\"refused\"");

    /// One whose answer is the same and whose provider refused something.
    fn refused() -> Vec<ExchangeReport> {
        let missing = r#"{"error":"invalid_grant","error_description":"the code verifier is missing"}"#;
        vec![
            exchange(Party::Provider, Some("token"), 400, missing),
            exchange(Party::Target, None, 500, r#"{"message":"Failed"}"#),
        ]
    }

    /// As in a run of one test alone, which a block asks for.
    #[test]
    fn one_test_shows_the_cause_where_no_sign_in_works() {
        let lost = exchange(Party::Provider, None, 404, "there is no such endpoint");
        let token = exchange(Party::Provider, Some("token"), 200, "");
        let foreign = StepReport { foreign_owner: Some(ForeignOwner::FromBefore), ..step(FAILED, vec![token]) };
        let cases = [
            (
                step(FAILED, vec![lost]),
                "Sign-in fails: the server requests a path that the provider does not have (404: there is no such endpoint)",
            ),
            (foreign, "Signs end-users in to accounts that existed before the run"),
        ];
        for (step, expected) in cases {
            let found = told(&report(&[("a/a", Outcome::Failed)], &[step], |_| Some("Does a".to_owned())));
            assert_eq!(found, [(expected.to_owned(), 1)]);
        }
    }

    #[test]
    fn one_cause_of_many_tests_is_one_problem() {
        let results = [("a/a", Outcome::Blocked), ("a/b", Outcome::Failed), ("a/c", Outcome::Finding)];
        let one = |scenario: &str| Some(format!("Does {scenario}"));
        let found = told(&report(&results, &[step(FAILED, refused())], one));
        let expected = "Sign-in fails: the provider refuses the token request (400: the code verifier is missing)";
        assert_eq!(found, [(expected.to_owned(), 3)]);
        // The provider says why, so that one test is enough, whatever it is about.
        let mut single = report(&results[1..2], &[step(FAILED, refused())], one);
        assert_eq!(told(&single), [(expected.to_owned(), 1)]);
        single.results[0].requirement = vec!["RFC 6749".to_owned()];
        let alone = Problem::of_one(&single.results[0]);
        assert_eq!((alone.sentence.as_str(), alone.requirements.len()), (expected, 0));
        assert!(alone.explanation().is_some_and(|typed| typed.ends_with(" explain 'the code verifier is missing'")));
    }

    #[test]
    fn a_server_that_refuses_is_judged_by_the_other_sign_ins_of_the_run() {
        let came_back = exchange(Party::Provider, Some("authorization"), 302, "");
        let answer = exchange(Party::Target, None, 500, r#"{"message":"Failed"}"#);
        let answered = step(FAILED, vec![came_back, answer]);
        let one = |scenario: &str| Some(format!("Does {scenario}"));
        let results = [("a/a", Outcome::Failed), ("a/b", Outcome::Failed)];
        let mut report = report(&results, &[answered], one);
        assert_eq!(told(&report), [("Sign-in fails: the server answers 500: Failed".to_owned(), 2)]);
        assert_eq!(problems(&report)[0].severity, Severity::Medium);
        // Where another sign-in succeeds, the subject of the test is to blame.
        let mut good = report.results[0].clone();
        good.result.outcome = Outcome::Passed;
        good.steps.held_mut()[0].exchanges[1].exchange.status = Some(201);
        good.steps.held_mut()[0].checks.clear();
        report.results.push(good);
        assert_eq!(told(&report), [("Does a/a".to_owned(), 1), ("Does a/b".to_owned(), 1)]);
    }

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
    fn a_scenario_may_be_wrong_where_other_sign_ins_work() {
        let came_back = exchange(Party::Provider, Some("authorization"), 302, "");
        let answer = exchange(Party::Target, None, 400, r#"{"message":"Refused"}"#);
        let one = |_: &str| Some("Accepts it".to_owned());
        let answered = step(FAILED, vec![came_back, answer]);
        let report = |outcome| report(&[("a/a", outcome)], std::slice::from_ref(&answered), one);
        let sound = |report: Report| {
            let (url, version) = ("reference".to_owned(), "3.3.0".to_owned());
            Report { target: Some(TargetReport { url, version, defects: Vec::new() }), ..report }
        };
        let fails = "Sign-in fails: the server answers 400: Refused";
        assert_eq!(told(&report(Outcome::Blocked)), [(fails.to_owned(), 1)]);
        let blocked = sound(report(Outcome::Blocked));
        assert!(told(&blocked)[0].0.starts_with("Cannot be tested: "), "{:?}", told(&blocked));
        let failed = sound(report(Outcome::Failed));
        assert_eq!(told(&failed), [("Refuses a valid request in the scenario `a/a`".to_owned(), 1)]);
        for mut report in [blocked, failed] {
            report.results[0].requirement = vec!["RFC 6749".to_owned()];
            assert!(problems(&report)[0].doubt().is_some());
        }
    }

    /// A refusal without a connection is not the acceptance that the scenario is about.
    #[test]
    fn a_server_that_never_connects_accepts_nothing() {
        let held = step(("\"refused\"", "\"refused\""), Vec::new());
        let outcome = Check { held: true, expected: None, actual: None, ..held.checks[0].clone() };
        let count = Check {
            path: "provider-saw.connection.count".into(),
            expected: Some("at least 1".into()),
            actual: Some("0".into()),
            ..held.checks[0].clone()
        };
        let unconnected = StepReport { checks: vec![outcome, count], ..held };
        let one = |_: &str| Some("Accepts an invalid certificate of the provider".to_owned());
        let report = report(&[("tls/bad", Outcome::Failed)], &[unconnected], one);
        let found = "Never connects to the provider in the tests of `tls/bad`";
        assert_eq!(told(&report), [(found.to_owned(), 1)]);
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
        let wrong = StepReport { checks: wrong.checks.iter().map(at).collect(), ..wrong };
        let names: Vec<String> = (0..scenarios).map(|number| format!("a/{number}")).collect();
        let results: Vec<(&str, Outcome)> = names.iter().map(|name| (name.as_str(), Outcome::Failed)).collect();
        let report = report(&results, &[wrong], |name| Some(format!("Does {name}")));
        assert_eq!(told(&report)[0].0, expected);
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

    /// The sentence of a scenario may be about another step of it.
    #[rstest]
    #[case::not_of_sessions("Accepts it", "Ends a session that must stay open", Severity::Medium)]
    #[case::of_sessions("Does not end exactly its session", "Does not end exactly its session", Severity::High)]
    fn a_session_that_ends_too_early_is_a_problem(
        #[case] problem: &str,
        #[case] expected: &str,
        #[case] severity: Severity,
    ) {
        let ended = step(("\"alive\"", "\"ended\""), Vec::new());
        let path = |check: &Check| Check { path: "sessions.in".into(), ..check.clone() };
        let ended = StepReport { checks: ended.checks.iter().map(path).collect(), ..ended };
        let mut report = report(&[("a/a", Outcome::Failed)], &[ended], |_| Some(problem.to_owned()));
        report.results[0].severity = Some(Severity::High);
        let found = problems(&report);
        assert_eq!((found[0].sentence.as_str(), found[0].severity), (expected, severity));
    }

    /// The sentence of a scenario is about all of its cases.
    #[rstest]
    #[case::one_of_two(&["a"], "Does it: `a`")]
    #[case::all_of_three(&["a", "b", "other"], "Does it")]
    #[case::many(&["a", "b", "c", "d"], "Does it")]
    fn a_headline_names_few_cases_of_many(#[case] failed: &[&str], #[case] expected: &str) {
        let cases = || failed.iter().chain(&["other"]);
        let mut report = Report::sample(&cases().map(|_| ("t/t", Outcome::Failed)).collect::<Vec<_>>());
        for (case, name) in report.results.iter_mut().zip(cases()) {
            (case.case, case.problem) = (Some((*name).to_owned()), Some("Does it".to_owned()));
            case.result.outcome = if failed.contains(name) { Outcome::Failed } else { Outcome::Passed };
        }
        assert_eq!(problems(&report)[0].headline(), expected);
    }

    #[test]
    fn what_follows_from_the_authorization_request_leads_to_it() {
        let from_the_thief =
            ExchangeReport { deviations: vec![altered(CALLBACK, "code")], ..exchange(Party::Target, None, 201, "") };
        let stolen = step(("\"refused\"", "\"signed-in\""), vec![from_the_thief]);
        let sent = step(("absent: false", "absent"), Vec::new());
        let path = |check: &Check| Check { path: "redirect.parameters.state".into(), ..check.clone() };
        let sent = StepReport { checks: sent.checks.iter().map(path).collect(), ..sent };
        let results = [("a/request", Outcome::Failed), ("a/stolen", Outcome::Failed)];
        let mut report = report(&results, &[sent, stolen], |name| Some(format!("Does {name}")));
        for case in &mut report.results {
            case.diagnostics = vec![Diagnostic::error("found", 0..1)];
        }
        let found = problems(&report);
        let also =
            |name: &str| found.iter().find(|one| one.sentence.ends_with(name)).and_then(|one| one.see_also.clone());
        assert_eq!((also("stolen").as_deref(), also("request")), (Some("Does a/request"), None));
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

    #[test]
    fn a_refused_token_request_shows_what_differs_from_the_authorization_request() {
        let mut asked = exchange(Party::Provider, Some("authorization"), 302, "");
        asked.exchange.url = "http://idp.test/authorize?client_id=c&redirect_uri=http%3A%2F%2Fa.test".to_owned();
        let mut token = exchange(Party::Provider, Some("token"), 400, r#"{"error":"invalid_grant"}"#);
        token.exchange.request_body = "client_id=c&redirect_uri=app%3A%2F".to_owned();
        let report = report(&[("a/a", Outcome::Failed)], &[step(FAILED, vec![asked, token])], |_| None);
        let expected = "token 400: invalid_grant; `redirect_uri` was `http://a.test` in the authorization request and \
                        is `app:/` now";
        assert_eq!(problems(&report)[0].refusal().as_deref(), Some(expected));
    }

    #[test]
    fn the_session_of_another_person_is_a_problem_of_its_own() {
        let mut token = exchange(Party::Provider, Some("token"), 200, "");
        token.deviations = vec![altered("id-token", "signature")];
        let accepted = step(("\"refused\"", "\"signed-in\""), vec![token]);
        let of_others = StepReport { foreign_owner: Some(ForeignOwner::FromBefore), ..accepted.clone() };
        let results = ["a/a", "a/b", "a/c", "a/d"].map(|name| (name, Outcome::Failed));
        let steps = [accepted.clone(), accepted.clone(), accepted, of_others];
        let found = told(&report(&results, &steps, |name| Some(format!("Does {name}"))));
        let found: Vec<(&str, usize)> = found.iter().map(|(sentence, count)| (sentence.as_str(), *count)).collect();
        let rest = ("Never requests the provider's JWKS, so it does not verify ID tokens", 3);
        assert_eq!(found, [("Does a/d", 1), rest]);
    }

    #[test]
    fn tests_of_one_sentence_are_gathered_and_the_worst_stands_first() {
        let names = ["a/low", "a/should", "a/high", "a/high", "a/foreign", "a/passed"];
        let mut report = Report::sample(&names.map(|name| (name, Outcome::Failed)));
        for case in &mut report.results {
            case.problem = Some(format!("Does {}", case.scenario));
            case.severity = Some(if case.scenario == "a/low" { Severity::Low } else { Severity::High });
            let mut step = step(("\"refused\"", "\"signed-in\""), Vec::new());
            match case.scenario.as_str() {
                "a/should" => case.result.outcome = Outcome::Finding,
                "a/passed" => case.result.outcome = Outcome::Passed,
                "a/foreign" => step.foreign_owner = Some(ForeignOwner::FromBefore),
                _ => {}
            }
            case.steps = vec![step].into();
        }
        let found = told(&report);
        let found: Vec<(&str, usize)> = found.iter().map(|(sentence, count)| (sentence.as_str(), *count)).collect();
        assert_eq!(found, [("Does a/foreign", 1), ("Does a/high", 2), ("Does a/should", 1), ("Does a/low", 1)]);
    }

    #[test]
    fn what_tells_most_is_shown() {
        let mut step = step(("\"refused\"", "\"signed-in\""), refused());
        let weaker = Check { path: "account.exists".into(), ..step.checks[0].clone() };
        step.checks.insert(0, weaker);
        let mut report = report(&[("a/a", Outcome::Failed)], &[step], |_| Some("Does it".to_owned()));
        let told = |text: &str| crate::diagnostic::Diagnostic::error(text, 0..0);
        report.results[0].diagnostics = vec![told("account"), told("outcome")];
        let problems = problems(&report);
        assert_eq!(problems[0].diagnostic().map(|one| one.message.as_str()), Some("outcome"));
        assert_eq!(problems[0].steps(), [(1, "alice signs in")]);
        assert_eq!(problems[0].refusal().as_deref(), Some("token 400: the code verifier is missing"));
        // `explain` is for sign-ins that fail, whatever their tests are about.
        assert_eq!(problems[0].explanation(), None);
    }
}
