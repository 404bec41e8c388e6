//! The report as data. Scripts rely on its members: a change that they would
//! notice raises [`REPORT_FORMAT`].

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::result::{CaseResult, Counts, Outcome};
use super::sign_in::SignInReport;
use super::source::{SourcePlace, SourceReport};
use super::step::StepReport;
use super::steps::Steps;
use crate::diagnostic::Diagnostic;
use crate::exit_code::ExitCode;
use crate::expect::{ForeignOwner, OwnProblem};
use crate::level::Level;
use crate::scenario::{Case, Scenario, test_name};
use crate::severity::Severity;

/// The version of the format.
pub const REPORT_FORMAT: u32 = 1;

/// What came of a run.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The version of this format.
    pub format: u32,
    /// The version of the harness.
    pub harness: String,
    /// When the run began, in UTC (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// When the last of the joined parts began, if that is more than an hour later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_date: Option<String>,
    /// What was judged.
    pub target: Option<TargetReport>,
    /// The flags by which the same is judged again, word by word; no secret is
    /// among them. Where there are none, `target` says what there is to say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
    /// The baseline that was used.
    pub baseline: Option<String>,
    /// Why there is none, where one was looked for and none fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unmeasured: Option<String>,
    /// Its file, where it was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline_file: Option<SourceReport>,
    /// The seed of everything random.
    pub seed: u64,
    /// Whether findings make the run red.
    #[serde(default)]
    pub strict: bool,
    /// Wall time, in milliseconds.
    pub milliseconds: u64,
    /// The part of it that was spent waiting for the target's answers, with
    /// one job.
    pub waited_for_target_milliseconds: u64,
    /// How many tests had which result.
    pub counts: Counts,
    /// The exit code of the run; 130 if it was interrupted.
    pub exit_code: u8,
    /// How many tests were not played any more, since it was interrupted, broke
    /// down, or ended at the honest sign-in.
    #[serde(default, skip_serializing_if = "is_none")]
    pub unplayed: usize,
    /// The fault of the run as a whole, such as that the target could not be
    /// put back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// The honest sign-ins before the tests; none against the reference server.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sign_ins: Vec<SignInReport>,
    /// The tests by name.
    pub results: Vec<CaseReport>,
    /// How many built-in tests have each of the tags `smoke`, `compatible` and
    /// `secure`, where the run read all of them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub totals: BTreeMap<String, usize>,
    /// The scenario files by the names of their scenarios.
    #[serde(default)]
    pub sources: BTreeMap<String, SourceReport>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_none(count: &usize) -> bool {
    *count == 0
}

/// What was judged.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct TargetReport {
    /// Its address, or `reference`.
    pub url: String,
    /// What it calls itself.
    pub version: String,
    /// What was planted in it, if it is the reference server.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defects: Vec<String>,
}

/// What came of one test.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct CaseReport {
    /// `topic/name`.
    pub scenario: String,
    /// The case, where the file has cases.
    pub case: Option<String>,
    /// How many cases stand before it in its file.
    #[serde(default, skip_serializing_if = "is_none")]
    pub cases_before: usize,
    /// The scenario's title.
    pub title: String,
    /// What the server does that fails it, in a sentence without its subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// What an administrator can do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// What asks for it.
    pub requirement: Vec<String>,
    /// How strongly.
    pub level: Level,
    /// Which of the tags `smoke`, `compatible` and `secure` it has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// What came of it.
    pub result: CaseResult,
    /// How bad the problem is, or a known deviation by its baseline.
    pub severity: Option<Severity>,
    /// Wall time, in milliseconds.
    pub milliseconds: u64,
    /// What did not hold, pointing into the file.
    #[schemars(with = "Vec<Value>")]
    pub diagnostics: Vec<Diagnostic>,
    /// What happened, step by step.
    #[schemars(with = "Vec<StepReport>")]
    pub steps: Steps,
    /// How many steps were left when one failed.
    #[serde(default, skip_serializing_if = "is_none")]
    pub steps_left: usize,
}

impl Report {
    /// Returns the report of this version of the harness, with nothing in it.
    pub fn new(harness: &str) -> Self {
        Self {
            format: REPORT_FORMAT,
            harness: harness.to_owned(),
            date: None,
            last_date: None,
            target: None,
            flags: Vec::new(),
            baseline: None,
            unmeasured: None,
            baseline_file: None,
            seed: 0,
            strict: false,
            milliseconds: 0,
            waited_for_target_milliseconds: 0,
            counts: Counts::default(),
            exit_code: 0,
            unplayed: 0,
            fault: None,
            sign_ins: Vec::new(),
            results: Vec::new(),
            totals: BTreeMap::new(),
            sources: BTreeMap::new(),
        }
    }

    /// Wall time in seconds, to three places.
    pub(super) fn seconds(&self) -> String {
        format!("{}.{:03}", self.milliseconds / 1000, self.milliseconds % 1000)
    }

    /// Returns whether a person interrupted the run before its last test.
    pub fn is_interrupted(&self) -> bool {
        self.exit_code == ExitCode::Interrupted.code()
    }

    /// Whether it lacks tests that the run was to play.
    pub fn is_partial(&self) -> bool {
        self.is_interrupted() || self.unplayed > 0
    }

    /// Returns the honest sign-in at which the run ended before its tests; none if
    /// it played them.
    pub fn ended_at(&self) -> Option<&SignInReport> {
        let is_end = self.unplayed > 0 && self.fault.is_none() && !self.is_interrupted();
        self.sign_ins.iter().find(|one| one.fails()).filter(|_| is_end)
    }

    /// Returns the honest sign-ins that [`Report::notice`] leaves out.
    pub(super) fn told_sign_ins(&self) -> impl Iterator<Item = &SignInReport> {
        let end = self.ended_at();
        self.sign_ins.iter().filter(move |one| end.is_none_or(|end| !std::ptr::eq(end, *one)))
    }

    /// What there is to say of the run beside its tests: why it is not good,
    /// where no test shows it.
    pub fn notice(&self) -> Option<String> {
        if let Some(fault) = &self.fault {
            return Some(format!("the run failed: {fault}"));
        }
        if self.is_interrupted() {
            return Some(format!("interrupted; tests not played: {}", self.unplayed));
        }
        if let Some(failed) = self.ended_at() {
            return Some(format!("{}; tests not played: {}", failed.line(), self.unplayed));
        }
        let is_red = self.results.iter().any(|case| case.result.outcome.is_red(self.strict));
        let proves_nothing = self.exit_code == ExitCode::Failed.code() && !is_red;
        proves_nothing.then(|| "No test passed, so this run proves nothing".to_owned())
    }

    /// Where a test failed; the beginning of its file if that is not known.
    pub fn place(&self, case: &CaseReport) -> Option<SourcePlace<'_>> {
        let source = self.sources.get(&case.scenario)?;
        let labels = case.diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels);
        let offset = labels.map(|label| label.span.start).next().unwrap_or_default();
        let (line, column) = source.position(offset);
        Some(SourcePlace { path: &source.path, line, column })
    }
}

impl CaseReport {
    /// A report in which nothing has happened yet.
    pub fn of(scenario: &Scenario, case: &Case) -> Self {
        let shape = &case.play.shape;
        Self {
            cases_before: scenario.cases.iter().position(|one| one.name == case.name).unwrap_or_default(),
            title: shape.title.clone(),
            problem: Some(shape.problem.clone()),
            severity: Some(shape.severity),
            advice: shape.advice.clone(),
            requirement: shape.requirement.clone(),
            level: shape.level,
            tags: case.public_tags().map(ToOwned::to_owned).collect(),
            ..Self::named(&scenario.name, case.name.clone())
        }
    }

    /// A report with only its name.
    pub fn named(scenario: &str, case: Option<String>) -> Self {
        Self {
            scenario: scenario.to_owned(),
            case,
            cases_before: 0,
            title: String::new(),
            problem: None,
            advice: None,
            requirement: Vec::new(),
            level: Level::Must,
            tags: Vec::new(),
            result: CaseResult { outcome: Outcome::Error, reason: None, fault: None, needs: None },
            severity: None,
            milliseconds: 0,
            diagnostics: Vec::new(),
            steps: Steps::default(),
            steps_left: 0,
        }
    }

    /// The step in which it failed.
    pub(super) fn failed_step(&self) -> Option<&StepReport> {
        self.steps.held().iter().rfind(|step| step.has_failed())
    }

    /// The problem of the expectation that it misses, if that has one of its own. Of
    /// several, the strictest counts, and of these the outcome, or else the first.
    pub(super) fn own_problem(&self) -> Option<&OwnProblem> {
        let checks = &self.failed_step()?.checks;
        let missed = checks.iter().filter(|check| !check.held && check.level > Level::May);
        missed.reduce(|best, one| if one.weight() > best.weight() { one } else { best })?.problem.as_ref()
    }

    /// Takes the problem of the expectation that it misses instead of the scenario's.
    pub fn note_own_problem(&mut self) {
        if let Some(own) = self.own_problem().cloned() {
            (self.problem, self.advice) = (Some(own.sentence), None);
            self.severity = own.severity.or(self.severity);
        }
    }

    /// Whose account the failed step opened.
    pub(super) fn foreign_owner(&self) -> Option<ForeignOwner> {
        self.failed_step()?.foreign_owner
    }

    /// Why it has this result: the reason, or else what did not hold, in one
    /// text; empty where there is nothing to say.
    pub fn found(&self) -> String {
        self.result.reason.clone().unwrap_or_else(|| self.mismatches().collect::<Vec<_>>().join("; "))
    }

    /// The same, cut to the first thing that did not hold.
    pub fn found_first(&self) -> Option<&str> {
        self.result.reason.as_deref().or(self.mismatches().next())
    }

    /// What did not hold.
    pub fn mismatches(&self) -> impl Iterator<Item = &str> {
        self.diagnostics.iter().map(|one| one.message.as_str())
    }

    /// `topic/name::case`, as filters and test runners know it.
    pub fn test_name(&self) -> String {
        test_name(&self.scenario, self.case.as_deref())
    }
}

#[cfg(test)]
impl Report {
    /// One in which these tests came to this.
    pub(super) fn sample(results: &[(&str, Outcome)]) -> Self {
        let case = |(name, outcome): &(&str, Outcome)| {
            let mut case = CaseReport::named(name, None);
            case.result = CaseResult::new(*outcome, "");
            case
        };
        Self {
            seed: 1,
            milliseconds: results.len() as u64,
            waited_for_target_milliseconds: 1,
            results: results.iter().map(case).collect(),
            ..Self::new("1")
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::expect::Check;

    #[rstest]
    #[case::first(&[("a", Level::Must, "A"), ("b", Level::Must, "B")], "A", None)]
    #[case::outcome(&[("a", Level::Must, "A"), ("outcome", Level::Must, "B")], "B", None)]
    #[case::strictest(&[("outcome", Level::Should, "A"), ("b", Level::Must, "B")], "B", None)]
    #[case::permitted(&[("a", Level::May, "A"), ("b", Level::Should, "B")], "B", None)]
    #[case::of_the_scenario(&[("a", Level::Must, ""), ("b", Level::Must, "B")], "Does it", Some("Wait"))]
    #[case::outcome_of_the_scenario(&[("a", Level::Must, "A"), ("outcome", Level::Must, "")], "Does it", Some("Wait"))]
    fn a_test_shows_the_problem_of_the_expectation_that_it_misses(
        #[case] missed: &[(&str, Level, &str)],
        #[case] problem: &str,
        #[case] advice: Option<&str>,
    ) {
        let check = |(path, level, own): &(&str, Level, &str)| Check {
            path: (*path).to_owned(),
            alternative: None,
            level: *level,
            held: false,
            expected: None,
            actual: None,
            found: None,
            problem: (!own.is_empty()).then(|| OwnProblem {
                sentence: (*own).to_owned(),
                why: None,
                severity: Some(Severity::Low),
            }),
        };
        let step = StepReport {
            id: "s".to_owned(),
            action: "sign-in".to_owned(),
            sentence: String::new(),
            checks: missed.iter().map(check).collect(),
            foreign_owner: None,
            exchanges: Vec::new(),
        };
        let mut case = CaseReport { steps: vec![step].into(), ..CaseReport::named("a/a", None) };
        (case.problem, case.advice) = (Some("Does it".to_owned()), Some("Wait".to_owned()));
        case.note_own_problem();
        assert_eq!((case.problem.as_deref(), case.advice.as_deref()), (Some(problem), advice));
        assert_eq!(case.severity, advice.is_none().then_some(Severity::Low));
    }
}
