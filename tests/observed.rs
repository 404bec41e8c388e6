//! What was measured at two real Immich servers, row by row, held against the
//! recorded runs: a scenario that shows a row has found there what the row
//! says. `observed/*.toml` holds the rows; those that no scenario shows say
//! why. The runs themselves are judged in `recorded.rs`.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use harness::exchange::Exchange;
use harness::report::{CaseReport, Outcome, Report};
use rstest::{fixture, rstest};
use serde::Deserialize;
use serde_json::{Value, json};

/// The measured versions, and their recorded runs.
const RUNS: &[(&str, &str)] = &[("2.7.5", "immich-2.7.5"), ("3.0", "immich-main-350056dd1")];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    table: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    title: String,
    rows: Vec<Row>,
}

/// One thing that was measured.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Row {
    case: String,
    status: u16,
    message: Option<Value>,
    /// By version, where one answers otherwise.
    #[serde(default)]
    instead: BTreeMap<String, Answer>,
    /// Versions that have no such route or setting.
    #[serde(default)]
    absent: BTreeSet<String>,
    /// The test that is in exactly this situation.
    shown_by: Option<String>,
    /// Its step; the last that asked the server if not given.
    step: Option<String>,
    why_not: Option<String>,
}

/// What a server said.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Answer {
    status: u16,
    message: Option<Value>,
}

/// A recorded run by the names of its tests.
type Run = BTreeMap<String, CaseReport>;

fn here(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[fixture]
#[once]
fn tables() -> Vec<Table> {
    let mut files: Vec<_> = std::fs::read_dir(here("observed")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |file| toml::from_str::<Section>(&std::fs::read_to_string(file).unwrap()).unwrap().table;
    files.iter().flat_map(read).collect()
}

#[fixture]
#[once]
fn runs() -> BTreeMap<&'static str, Run> {
    let read = |(version, name): &(&'static str, &str)| {
        let text = std::fs::read_to_string(here("recorded").join(format!("{name}.json"))).unwrap();
        let report: Report = serde_json::from_str(&text).unwrap();
        (*version, report.results.into_iter().map(|case| (case.test_name(), case)).collect())
    };
    RUNS.iter().map(read).collect()
}

impl Row {
    fn answer_of(&self, version: &str) -> Answer {
        let usual = || Answer { status: self.status, message: self.message.clone() };
        self.instead.get(version).cloned().unwrap_or_else(usual)
    }

    /// What a recorded run has against the row.
    fn contradiction(&self, version: &str, run: &Run) -> Option<String> {
        let name = self.shown_by.as_deref()?;
        let Some(recorded) = run.get(name) else { return Some(format!("`{name}` is not in the run")) };
        if self.absent.contains(version) {
            let outcome = recorded.result.outcome;
            return (outcome != Outcome::Skipped)
                .then(|| format!("`{name}` is {}, where there is nothing to ask", outcome.name()));
        }
        let expected = self.answer_of(version);
        match self.found(recorded) {
            Some(found) if found == expected => None,
            found => Some(format!("`{name}`\n    expected {expected:?}\n    found    {found:?}")),
        }
    }

    /// What the server said to the step.
    fn found(&self, recorded: &CaseReport) -> Option<Answer> {
        let of_step = |id: &str| self.step.as_deref().is_none_or(|step| step == id);
        let steps = recorded.steps.held().iter().filter(|step| of_step(&step.id));
        // The provider's addresses begin otherwise.
        let exchanges = steps.flat_map(|step| &step.exchanges).map(|one| &one.exchange);
        let last = exchanges.rev().find(|exchange| exchange.url.starts_with("/api/"))?;
        Some(Answer { status: last.status?, message: message(last) })
    }
}

fn message(exchange: &Exchange) -> Option<Value> {
    exchange.json()?.get("message").cloned()
}

#[rstest]
fn the_recorded_runs_found_what_was_measured(tables: &[Table], runs: &BTreeMap<&'static str, Run>) {
    let mut complaints = String::new();
    for table in tables {
        for row in &table.rows {
            for (version, run) in runs {
                if let Some(problem) = row.contradiction(version, run) {
                    let _ = writeln!(complaints, "{}, {}, {version}: {problem}", table.title, row.case);
                }
            }
        }
    }
    assert!(complaints.is_empty(), "\n{complaints}");
}

#[rstest]
fn every_row_is_shown_or_says_why_not(tables: &[Table]) {
    for table in tables {
        let mut seen = BTreeSet::new();
        for row in &table.rows {
            let place = format!("{}, {}", table.title, row.case);
            assert!(seen.insert(&row.case), "{place}: twice");
            assert!(row.shown_by.is_some() != row.why_not.is_some(), "{place}: shown, or why not, and not both");
            assert!(row.step.is_none() || row.shown_by.is_some(), "{place}: a step of no scenario");
            let versions = row.instead.keys().chain(&row.absent);
            for version in versions {
                assert!(RUNS.iter().any(|(known, _)| known == version), "{place}: no run measured `{version}`");
            }
        }
    }
    let rows = || tables.iter().flat_map(|table| &table.rows);
    assert_eq!(rows().count(), ROWS, "a row was lost, or is new");
    assert!(rows().filter(|row| row.shown_by.is_some()).count() > ROWS / 2, "most rows are shown");
}

/// How many were measured.
const ROWS: usize = 414;

/// The test can fail: each of these rows says what was not found.
#[rstest]
#[case::status(json!({ "status": 418, "message": "OAuth is not enabled" }))]
#[case::message(json!({ "status": 400, "message": "OAuth is off" }))]
#[case::no_message(json!({ "status": 400 }))]
#[case::of_one_version(json!({ "status": 400, "message": "OAuth is not enabled", "instead": { "3.0": { "status": 500 } } }))]
#[case::absence(json!({ "status": 400, "message": "OAuth is not enabled", "absent": ["3.0"] }))]
#[case::step(json!({ "status": 400, "message": "OAuth is not enabled", "step": "another" }))]
#[case::scenario(json!({ "status": 400, "message": "OAuth is not enabled", "shown-by": "settings/never-was" }))]
fn a_value_that_was_not_found_is_reported(runs: &BTreeMap<&'static str, Run>, #[case] row: Value) {
    let mut whole = json!({ "case": "OAuth off", "shown-by": "settings/enabled::from-the-start" });
    whole.as_object_mut().unwrap().extend(row.as_object().unwrap().clone());
    let row: Row = serde_json::from_value(whole).unwrap();
    assert!(row.contradiction("3.0", &runs["3.0"]).is_some());
}
