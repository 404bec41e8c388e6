//! Answers that break a rule for every answer, whatever the test is about that
//! shows it: what is done alike in the answers of many routes is one problem.

use std::collections::{BTreeMap, BTreeSet};

use super::shape::Problem;
use crate::expect::{ALIVE, AnswerRule, Check};
use crate::level::Level;
use crate::report::shape::CaseReport;
use crate::report::step::StepReport;

/// Returns the problems of answers, and takes the tests that show nothing else
/// out of `cases`.
pub(super) fn wrong_answers<'a>(cases: &mut Vec<&'a CaseReport>) -> Vec<Problem<'a>> {
    let mut found: BTreeMap<(&'static str, &'a str), WrongAnswers<'a>> = BTreeMap::new();
    for &case in cases.iter() {
        for (rule, check) in failed(case).filter_map(|check| Some((rule_of(case, check)?, check))) {
            for sentence in check.actual.iter().flat_map(|text| text.split(AnswerRule::BETWEEN)) {
                let (problem, route) = AnswerRule::parts(sentence);
                let new = || WrongAnswers { rule, routes: BTreeSet::new(), tests: Vec::new() };
                let answers = found.entry((rule.path, problem)).or_insert_with(new);
                answers.routes.extend(route);
                // A test shows it in several steps, and in answers of several routes.
                if !answers.tests.last().is_some_and(|last| std::ptr::eq(*last, case)) {
                    answers.tests.push(case);
                }
            }
        }
    }
    let shows_more = |case: &CaseReport| case.steps.held().iter().any(|step| shows_another(case, step));
    cases.retain(|case| failed(case).next().is_none() || shows_more(case));
    let problem = |((_, problem), answers): ((_, &str), WrongAnswers<'a>)| {
        let consequence = answers.rule.consequence(problem);
        Problem {
            requirements: vec![answers.rule.requirement],
            why: consequence.map(|one| one.why),
            advice: consequence.map(|one| one.advice),
            rule: Some(answers.rule),
            routes: answers.routes.into_iter().collect(),
            // A session that one of its tests also opened is another problem.
            foreign_owner: None,
            ..Problem::of(problem.to_owned(), answers.rule.severity, answers.tests, true)
        }
    };
    found.into_iter().map(problem).collect()
}

/// What is done alike in the answers of several routes.
struct WrongAnswers<'a> {
    rule: &'static AnswerRule,
    routes: BTreeSet<&'a str>,
    tests: Vec<&'a CaseReport>,
}

/// The action of a step after which the server may not come back.
const RESTART: &str = "restart-server";

fn failed(case: &CaseReport) -> impl Iterator<Item = &Check> {
    case.steps.held().iter().flat_map(failed_in)
}

fn failed_in(step: &StepReport) -> impl Iterator<Item = &Check> {
    step.checks.iter().filter(|check| !check.held && check.level > Level::May)
}

/// The rule that a failed check breaks, whatever its test is about. A test that
/// restarts the server is about a server that does not come back.
fn rule_of(case: &CaseReport, check: &Check) -> Option<&'static AnswerRule> {
    let restarts = || case.steps.held().iter().any(|step| step.action == RESTART);
    AnswerRule::of(check).filter(|rule| rule.path != ALIVE.path || !restarts())
}

/// Whether a step shows a problem of its own. Where the server is down, what
/// else fails follows from that.
fn shows_another(case: &CaseReport, step: &StepReport) -> bool {
    let is_down = failed_in(step).any(|check| rule_of(case, check).is_some_and(|rule| rule.path == ALIVE.path));
    !is_down && failed_in(step).any(|check| rule_of(case, check).is_none())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::diagnostic::Diagnostic;
    use crate::expect::ForeignOwner;
    use crate::report::Outcome;
    use crate::report::shape::Report;

    fn failed_check(path: &str, actual: &str) -> Check {
        Check { actual: Some(actual.into()), ..Check::missed(path, Level::Must) }
    }

    fn failed_step(action: &str, checks: Vec<Check>) -> StepReport {
        let (sentence, foreign_owner) = ("alice signs in".into(), Some(ForeignOwner::FromBefore));
        StepReport { action: action.into(), sentence, foreign_owner, ..StepReport::sample(checks) }
    }

    /// It says more of a restart than of the request after it.
    #[rstest]
    #[case::after_a_restart("restart-server", 1)]
    #[case::after_a_request("request", 0)]
    fn a_server_that_does_not_come_back_fails_its_scenario(#[case] action: &str, #[case] left: usize) {
        let mut report = Report::sample(&[("a/restarted", Outcome::Failed)]);
        let down = failed_check(ALIVE.path, "Stops working after a request to GET /a");
        report.results[0].steps = vec![failed_step(action, Vec::new()), failed_step("request", vec![down])].into();
        let mut cases: Vec<&CaseReport> = report.results.iter().collect();
        assert_eq!((wrong_answers(&mut cases).len(), cases.len()), (1 - left, left));
    }

    #[test]
    fn what_is_done_alike_is_one_problem_and_hides_no_other() {
        let check = failed_check;
        let mut report = Report::sample(&["a/leaks", "a/both", "a/other"].map(|name| (name, Outcome::Failed)));
        let checks = [
            vec![
                Check { level: Level::May, ..check("outcome", "done") },
                check("secrets", "Tells A to GET /a; Tells B to GET /a; Tells B to GET /b"),
            ],
            vec![check("outcome", "signed-in"), check("secrets", "Tells B to GET /c")],
            vec![check("outcome", "signed-in")],
        ];
        for (case, checks) in report.results.iter_mut().zip(checks) {
            case.steps = vec![failed_step("sign-in", checks)].into();
        }
        let note = "GET /b answers 200 with B in the body";
        let diagnostics = ["outcome", "secrets"].map(|text| Diagnostic::error(text, 0..0).note("requirement: x"));
        report.results[0].diagnostics = diagnostics.map(|one| one.note(note)).into();
        assert_eq!(Problem::of_one(&report.results[0]).sentence, "Tells A");
        let mut cases: Vec<&CaseReport> = report.results.iter().collect();
        let problems = wrong_answers(&mut cases);
        let told: Vec<_> = problems.iter().map(|one| (one.sentence.as_str(), one.cases().count())).collect();
        assert_eq!(told, [("Tells A", 1), ("Tells B", 2)]);
        assert!(problems.iter().all(|one| one.foreign_owner.is_none()));
        assert_eq!(problems[1].routes, ["GET /a", "GET /b", "GET /c"]);
        assert_eq!(problems.iter().map(Problem::place).collect::<Vec<_>>(), [None, Some(note)]);
        assert_eq!(problems[1].steps(), [(1, "alice signs in")]);
        assert_eq!(problems[1].routes_in_words(2).as_deref(), Some("GET /a, GET /b and 1 more"));
        assert_eq!(cases.iter().map(|case| case.scenario.as_str()).collect::<Vec<_>>(), ["a/both", "a/other"]);
    }
}
