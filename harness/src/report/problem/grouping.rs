//! Gathers failed tests by what they have in common, and puts the worst first.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::attribution::common_causes;
use super::refused_sign_in::{asks_for_keys, blame_difference, sign_in_works};
use super::shape::{Problem, sentence, severity};
use super::wrong_answer::wrong_answers;
use crate::expect::ForeignOwner;
use crate::report::shape::{CaseReport, Report};
use crate::report::{Outcome, SourceReport};
use crate::severity::Severity;

/// Returns the problems that a report shows, the worst first. What counts, in this order:
/// - sessions of accounts from before the run, faults of high severity that explain several
///   problems, sessions of other end-users;
/// - the severity;
/// - where no sign-in works, how many tests prove nothing because of it; where one works,
///   such tests come last;
/// - scenarios without a product's peculiarities before those with them, and what tests are
///   about before sign-ins that probably fail for it;
/// - what must not be before what should not;
/// - what a last step shows before what an earlier one shows, which may be about something
///   else;
/// - how many scenarios show it, then how few steps. Of several variants of one thing, the
///   plain one has the shortest sentence and stands first.
pub fn problems(report: &Report) -> Vec<Problem<'_>> {
    let shows =
        |case: &&CaseReport| matches!(case.result.outcome, Outcome::Failed | Outcome::Finding | Outcome::Blocked);
    let mut cases: Vec<&CaseReport> = report.results.iter().filter(shows).collect();
    let mut problems = wrong_answers(&mut cases);
    let works = sign_in_works(report);
    let mut by_sentence: BTreeMap<String, Vec<&CaseReport>> = BTreeMap::new();
    for (cause, tests) in common_causes(&mut cases, works, asks_for_keys(report)) {
        let subject = subject(report, &tests).filter(|_| works && cause.is_refused_sign_in());
        let (about, rest): (Vec<&CaseReport>, Vec<&CaseReport>) =
            tests.into_iter().partition(|case| subject.as_ref() == Some(&sentence(case)));
        if !rest.is_empty() {
            let problem = cause.problem(rest, works);
            // Probably the same cause, and as bad.
            let severity = about.iter().map(|case| severity(case)).min().unwrap_or(problem.severity);
            problems.push(Problem { severity, see_also: subject.clone(), ..problem });
        }
        if let Some(subject) = subject {
            by_sentence.entry(subject).or_default().extend(about);
        }
    }
    for case in cases {
        by_sentence.entry(sentence(case)).or_default().push(case);
    }
    problems.extend(by_sentence.into_iter().map(|(sentence, tests)| {
        let severity = tests.iter().map(|case| severity(case)).min().unwrap_or(Severity::Low);
        Problem::of(sentence, severity, tests, false)
    }));
    for problem in &mut problems {
        problem.note_products(report);
        blame_difference(problem);
    }
    problems.sort_by_cached_key(|problem| {
        let blocked = problem.cases().filter(|case| case.result.outcome == Outcome::Blocked).count();
        let is_of_product = problem.see_also.is_some() || problem.scenarios.iter().all(|one| one.is_of_product);
        let proof = (problem.is_untested() && works, Reverse(if works { 0 } else { blocked }));
        let is_root = problem.lead.is_some() && problem.severity == Severity::High;
        let is_from_before = problem.foreign_owner == Some(ForeignOwner::FromBefore);
        let severity = (!is_from_before, !is_root, Reverse(problem.foreign_owner), problem.severity);
        let worst = (severity, proof, is_of_product, Reverse(problem.level));
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

/// Returns what tests with a common cause are about: the one sentence of those without a
/// product's peculiarities in which the server does what the sentence says. None if they
/// have several.
fn subject(report: &Report, tests: &[&CaseReport]) -> Option<String> {
    let has_profile = |case: &CaseReport| report.sources.get(&case.scenario).is_some_and(SourceReport::has_profile);
    let is_plain = |case: &&&CaseReport| {
        let is_about_it = case.problem.as_ref() == Some(&sentence(case));
        case.result.outcome != Outcome::Blocked && is_about_it && !has_profile(case)
    };
    let mut sentences = tests.iter().filter(is_plain).map(|case| sentence(case));
    let first = sentences.next()?;
    sentences.all(|other| other == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::diagnostic::Diagnostic;
    use crate::expect::{Check, ForeignOwner};
    use crate::report::exchange::{CALLBACK, ExchangeReport, Party};
    use crate::report::problem::sample::{FAILED, altered, exchange, refused, report, step, told};
    use crate::report::problem::{Problem, problems};
    use crate::report::shape::{Report, TargetReport};
    use crate::report::step::StepReport;
    use crate::report::{Outcome, SourceReport};
    use crate::severity::Severity;

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

    /// Products probably fail for what the only scenario without one is about.
    #[test]
    fn a_plain_scenario_comes_before_products_that_fail_alike() {
        let came_back = exchange(Party::Provider, Some("authorization"), 302, "");
        let answer = exchange(Party::Target, None, 500, r#"{"message":"Failed"}"#);
        let names = ["profiles/a", "profiles/b", "id-token/list", "id-token/other"];
        let outcomes = [Outcome::Blocked, Outcome::Failed, Outcome::Failed, Outcome::Failed];
        let results: Vec<(&str, Outcome)> = names.into_iter().zip(outcomes).collect();
        let found = |count: usize| {
            let one = |name: &str| Some(format!("Refuses {name}"));
            let mut report = report(&results[..count], &[step(FAILED, vec![came_back.clone(), answer.clone()])], one);
            for name in names {
                let text = if name.starts_with("profiles") { "[cases.a]\nprovider.profile = 'a'\n" } else { "" };
                let source = SourceReport { path: format!("{name}.toml"), text: text.to_owned() };
                report.sources.insert(name.to_owned(), source);
            }
            let (url, version) = ("reference".to_owned(), "3.3.0".to_owned());
            report.target = Some(TargetReport { url, version, defects: Vec::new() });
            told(&report)
        };
        let fails = "Sign-in fails: the server answers 500: Failed".to_owned();
        assert_eq!(found(3), [("Refuses id-token/list".to_owned(), 1), (fails.clone(), 2)]);
        assert_eq!(found(4), [(fails, 4)]);
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
}
