//! The report as `JUnit` XML: a suite per topic, a test case per test.

use std::time::Duration;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::format::{Format, FormatError, Rendering, Style};
use super::rerun::Again;
use super::result::Outcome;
use super::shape::{CaseReport, Report};
use super::sign_in::SignInReport;
use crate::escape::xml;

pub(super) static JUNIT: Format = Format {
    name: "junit",
    text: "XML for GitLab, Jenkins and others",
    rendering: Rendering::Text(junit),
    ending: Some("xml"),
    after_live: None,
    shows_steps: false,
};

fn junit(report: &Report, _: Style) -> Result<String, FormatError> {
    let mut junit = quick_junit::Report::new("oidc-harness");
    junit.set_time(Duration::from_millis(report.milliseconds));
    junit.timestamp = report.date.as_ref().and_then(|date| date.parse().ok());
    let mut suites: Vec<TestSuite> = Vec::new();
    for case in &report.results {
        let topic = case.scenario.split('/').next().unwrap_or_default();
        if suites.last().is_none_or(|suite| suite.name.as_str() != xml(topic)) {
            suites.push(TestSuite::new(xml(topic)));
        }
        if let Some(suite) = suites.last_mut() {
            suite.add_test_case(test_case(report, case));
        }
    }
    suites.extend(whole(report));
    junit.add_test_suites(suites);
    Ok(junit.to_string()?)
}

/// What there is to say of the run beside its tests, if anything; only a test can
/// be bad.
fn whole(report: &Report) -> Option<TestSuite> {
    let test = |name: &str, bad: Option<NonSuccessKind>, text: &str| {
        let mut status = bad.map_or_else(TestCaseStatus::success, TestCaseStatus::non_success);
        if bad.is_some() {
            status.set_message(xml(text));
        }
        let mut test = TestCase::new(name, status);
        test.set_classname("run");
        test.set_system_out(xml(text));
        test
    };
    let sign_in =
        |one: &SignInReport| test("the honest sign-in", one.fails().then_some(NonSuccessKind::Failure), &one.line());
    let notice = |text: String| test("the run as a whole", Some(NonSuccessKind::Error), &text);
    let tests: Vec<TestCase> = report.told_sign_ins().map(sign_in).chain(report.notice().map(notice)).collect();
    let is_told = !tests.is_empty();
    let mut suite = TestSuite::new("run");
    suite.add_test_cases(tests);
    is_told.then_some(suite)
}

fn test_case(report: &Report, case: &CaseReport) -> TestCase {
    let outcome = case.result.outcome;
    let status = if outcome.is_red(report.strict) {
        let kind = if outcome == Outcome::Error { NonSuccessKind::Error } else { NonSuccessKind::Failure };
        let mut status = TestCaseStatus::non_success(kind);
        status.set_type(outcome.name());
        let problem = case.problem.iter().map(|problem| format!("{problem}: ")).collect::<String>();
        status.set_message(xml(&format!("{problem}{}", case.found())));
        let again = Again::in_report(report, case).into_iter().flat_map(|again| again.lines());
        let lines = case.mismatches().map(ToOwned::to_owned).chain(again).collect::<Vec<_>>();
        status.set_description(xml(&lines.join("\n")));
        status
    } else if outcome == Outcome::Passed {
        TestCaseStatus::success()
    } else {
        let mut status = TestCaseStatus::skipped();
        status.set_message(xml(&format!("{}: {}", outcome.name(), case.found())));
        status
    };
    let mut test = TestCase::new(xml(&case.test_name()), status);
    test.set_classname(xml(&case.scenario));
    test.set_time(Duration::from_millis(case.milliseconds));
    test
}
