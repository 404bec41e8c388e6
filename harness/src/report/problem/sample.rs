//! Reports for the tests of problems.

use crate::exchange::Exchange;
use crate::expect::Check;
use crate::level::Level;
use crate::report::Outcome;
use crate::report::exchange::{Deviation, ExchangeReport, Party};
use crate::report::problem::problems;
use crate::report::shape::Report;
use crate::report::step::StepReport;

pub(super) fn exchange(to: Party, endpoint: Option<&str>, status: u16, body: &str) -> ExchangeReport {
    let exchange = Exchange { status: Some(status), response_body: body.to_owned(), ..Exchange::default() };
    let from = if to == Party::Target { Party::UserAgent } else { Party::Target };
    let endpoint = endpoint.map(ToOwned::to_owned);
    ExchangeReport { from, to, endpoint, exchange, ..ExchangeReport::default() }
}

pub(super) fn altered(message: &str, member: &str) -> Deviation {
    let text = String::new;
    Deviation { message: message.into(), member: member.into(), by: text(), text: text(), requirement: None }
}

/// A failed step, with what was expected and found of its outcome.
pub(super) fn step((expected, actual): (&str, &str), exchanges: Vec<ExchangeReport>) -> StepReport {
    let missed = Check::missed("outcome", Level::Must);
    let check = Check { expected: Some(expected.into()), actual: Some(actual.into()), ..missed };
    StepReport { sentence: "alice signs in".into(), exchanges, ..StepReport::sample(vec![check]) }
}

pub(super) fn report(
    results: &[(&str, Outcome)],
    steps: &[StepReport],
    problem: impl Fn(&str) -> Option<String>,
) -> Report {
    let mut report = Report::sample(results);
    for (case, step) in report.results.iter_mut().zip(steps.iter().cycle()) {
        (case.steps, case.problem) = (vec![step.clone()].into(), problem(&case.scenario));
        case.title = case.scenario.clone();
    }
    report
}

pub(super) fn told(report: &Report) -> Vec<(String, usize)> {
    problems(report).iter().map(|problem| (problem.sentence.clone(), problem.cases().count())).collect()
}

pub(super) const FAILED: (&str, &str) = ("\"signed-in\"", "\"refused\"");

/// One whose answer is the same and whose provider refused something.
pub(super) fn refused() -> Vec<ExchangeReport> {
    let missing = r#"{"error":"invalid_grant","error_description":"the code verifier is missing"}"#;
    vec![
        exchange(Party::Provider, Some("token"), 400, missing),
        exchange(Party::Target, None, 500, r#"{"message":"Failed"}"#),
    ]
}
