//! Answers that break a rule for every answer, whatever the test is about that
//! shows it: each sentence is one problem.

use std::collections::BTreeMap;

use super::shape::Problem;
use crate::expect::{AnswerRule, Check};
use crate::level::Level;
use crate::report::shape::CaseReport;

/// Returns the problems of answers, and takes the tests that show nothing else
/// out of `cases`.
pub(super) fn wrong_answers<'a>(cases: &mut Vec<&'a CaseReport>) -> Vec<Problem<'a>> {
    let mut tests: BTreeMap<(&'static str, String), (&'static AnswerRule, Vec<&'a CaseReport>)> = BTreeMap::new();
    for case in cases.iter() {
        for (rule, check) in failed(case).filter_map(|check| Some((AnswerRule::of(check)?, check))) {
            for sentence in check.actual.iter().flat_map(|text| text.split(AnswerRule::BETWEEN)) {
                let (_, tests) = tests.entry((rule.path, sentence.to_owned())).or_insert((rule, Vec::new()));
                tests.push(case);
            }
        }
    }
    cases.retain(|case| failed(case).next().is_none() || failed(case).any(|check| AnswerRule::of(check).is_none()));
    let problem = |((_, sentence), (rule, tests)): (_, (&AnswerRule, _))| Problem {
        requirements: vec![rule.requirement],
        ..Problem::of(sentence, rule.severity, tests, true)
    };
    tests.into_iter().map(problem).collect()
}

fn failed(case: &CaseReport) -> impl Iterator<Item = &Check> {
    case.steps.iter().flat_map(|step| &step.checks).filter(|check| !check.held && check.level > Level::May)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Outcome;
    use crate::report::shape::{Report, StepReport};

    #[test]
    fn one_sentence_is_one_problem_and_hides_no_other() {
        let check = |path: &str, actual: &str| Check {
            path: path.into(),
            level: Level::Must,
            held: false,
            expected: None,
            actual: Some(actual.into()),
            found: None,
        };
        let mut report = Report::sample(&["a/leaks", "a/both", "a/other"].map(|name| (name, Outcome::Failed)));
        let checks = [
            vec![Check { level: Level::May, ..check("outcome", "done") }, check("secrets", "Tells A; Tells B")],
            vec![check("outcome", "signed-in"), check("secrets", "Tells B")],
            vec![check("outcome", "signed-in")],
        ];
        for (case, checks) in report.results.iter_mut().zip(checks) {
            case.steps = vec![StepReport {
                id: "s".into(),
                action: "sign-in".into(),
                checks,
                foreign_owner: None,
                exchanges: Vec::new(),
            }];
        }
        let mut cases: Vec<&CaseReport> = report.results.iter().collect();
        let problems = wrong_answers(&mut cases);
        let told: Vec<_> = problems.iter().map(|one| (one.sentence.as_str(), one.cases().count())).collect();
        assert_eq!(told, [("Tells A", 1), ("Tells B", 2)]);
        assert_eq!(cases.iter().map(|case| case.scenario.as_str()).collect::<Vec<_>>(), ["a/both", "a/other"]);
    }
}
