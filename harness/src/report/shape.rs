//! The report as data. Scripts rely on its members: a change that they would
//! notice raises [`REPORT_FORMAT`].

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::result::{CaseResult, Counts};
use super::sign_in::SignInReport;
use super::source::{SourcePlace, SourceReport};
use super::step::StepReport;
use super::steps::Steps;
use crate::diagnostic::Diagnostic;
use crate::exit_code::ExitCode;
use crate::level::Level;
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

    /// Where a test failed, at the check that explains most; the beginning of its file if
    /// that is not known.
    pub fn place(&self, case: &CaseReport) -> Option<SourcePlace<'_>> {
        let source = self.sources.get(&case.scenario)?;
        let diagnostics = case.worst_check().map(|(_, diagnostic)| diagnostic).into_iter().chain(&case.diagnostics);
        let labels = diagnostics.flat_map(|diagnostic| &diagnostic.labels);
        let offset = labels.map(|label| label.span.start).next().unwrap_or_default();
        let (line, column) = source.position(offset);
        Some(SourcePlace { path: &source.path, line, column })
    }
}

#[cfg(test)]
impl Report {
    /// One in which these tests came to this.
    pub(super) fn sample(results: &[(&str, super::Outcome)]) -> Self {
        let case = |(name, outcome): &(&str, super::Outcome)| {
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
    use super::*;
    use crate::diagnostic::Diagnostic;
    use crate::expect::Check;
    use crate::level::Level;

    /// As the sentence of the problem is about that check.
    #[test]
    fn a_test_fails_where_its_strictest_check_does() {
        let step = StepReport::sample(vec![Check::missed("a", Level::Should), Check::missed("b", Level::Must)]);
        let mut case = CaseReport { steps: vec![step].into(), ..CaseReport::named("a/a", None) };
        let labelled = |at: usize| Diagnostic::error("missed", at..at + 1).label("here");
        case.diagnostics = vec![labelled(0), labelled(2)];
        let source = SourceReport { path: "a.toml".to_owned(), text: "1\n2\n".to_owned() };
        let report = Report { sources: BTreeMap::from([("a/a".to_owned(), source)]), ..Report::new("1") };
        assert_eq!(report.place(&case).map(|place| place.line), Some(2));
    }
}
