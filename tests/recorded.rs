//! Runs against real Immich, kept as data: a change in judging is noticed
//! here without a server, and `docs/immich-findings.md` is made from them.
//!
//! `RECORD_RUN=NAME=run.json cargo test --test recorded` takes the JSON report
//! of a new run over into `recorded/NAME.json`.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use conformance_tests::scenarios;
use harness::baseline::{Baseline, Known};
use harness::diagnostic::Source;
use harness::expect::{Check, Expected};
use harness::report::{CaseReport, Outcome, Recorded, Report, findings};
use harness::runner::{in_the_light_of, judge};
use harness::scenario::{Case, Catalogue};
use jiff::civil::Date;
use rstest::{fixture, rstest};
use snapbox::Data;

/// Each recorded run, called as the baseline that judges it, what people call
/// the server, and the commit that was built and run.
const RUNS: &[(&str, &str, &str)] = &[
    ("immich-2.7.5", "Immich 2.7.5", "95e57a24cb11"),
    ("immich-main-350056dd1", "Immich main of 2026-04-23", "350056dd1"),
];

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("recorded").join(format!("{name}.json"))
}

/// One line per test, so that a difference is one of a test.
fn text(report: &Report) -> String {
    let mut whole = serde_json::to_value(report).unwrap();
    let results = whole.as_object_mut().unwrap().remove("results").unwrap();
    let mut text = whole.to_string();
    text.truncate(text.len() - 1);
    text.push_str(",\"results\":[");
    for (index, result) in results.as_array().unwrap().iter().enumerate() {
        let _ = write!(text, "{}\n{result}", if index == 0 { "" } else { "," });
    }
    text + "\n]}\n"
}

fn take_over() {
    let Ok(order) = std::env::var("RECORD_RUN") else { return };
    let (name, file) = order.split_once('=').unwrap();
    let report: Report = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    std::fs::write(path(name), text(&report.as_test_data())).unwrap();
}

#[fixture]
#[once]
fn runs() -> Vec<Recorded> {
    take_over();
    let read = |(name, title, commit): &(&str, &str, &str)| {
        let report = serde_json::from_str(&std::fs::read_to_string(path(name)).unwrap()).unwrap();
        let file = scenarios().join("baselines").join(format!("{name}.toml"));
        let text = std::fs::read_to_string(&file).unwrap();
        let baseline = Baseline::parse(Source { path: file, text }, true).unwrap();
        Recorded { name: (*title).to_owned(), commit: (*commit).to_owned(), report, baseline }
    };
    RUNS.iter().map(read).collect()
}

/// The recorded test, with its checks at the levels that the file says now.
fn at_levels_of(recorded: &CaseReport, case: &Case) -> CaseReport {
    let level = |expected: &Expected| expected.level.unwrap_or(case.play.shape.level);
    let mut recorded = recorded.clone();
    for (step, expected) in recorded.steps.held_mut().iter_mut().zip(&case.play.expected) {
        for check in &mut step.checks {
            let now = expected
                .iter()
                .find(|expected| expected.dotted() == check.path && expected.alternative == check.alternative);
            check.level = now.map_or(check.level, level);
        }
    }
    recorded
}

/// Returns the result of a recorded test by today's rules. Whether a message was served is in
/// no check, so that is believed.
fn again(recorded: &CaseReport, case: &Case, baseline: &Baseline) -> Outcome {
    let idle = (recorded.result.outcome == Outcome::NotExercised).then_some("it was not exercised");
    let known = baseline.known(&recorded.scenario, recorded.case.as_deref());
    let recorded = at_levels_of(recorded, case);
    let checks: Vec<Check> = recorded.steps.held().iter().flat_map(|step| step.checks.clone()).collect();
    in_the_light_of(known, &recorded, judge(&checks, idle), Date::MIN).outcome
}

#[rstest]
fn recorded_runs_are_judged_the_same_today(runs: &[Recorded]) {
    let catalogue = Catalogue::read(&[scenarios()]).unwrap();
    let mut complaints = String::new();
    for run in runs {
        assert!(run.report.results.len() > 200, "{} holds next to nothing", run.name);
        for recorded in &run.report.results {
            let (name, was) = (recorded.test_name(), recorded.result.outcome);
            let scenario = catalogue.scenarios.iter().find(|scenario| scenario.name == recorded.scenario);
            let case = scenario.and_then(|scenario| scenario.cases().iter().find(|case| case.name == recorded.case));
            let Some(case) = case else {
                let _ = writeln!(complaints, "{}: there is no `{name}` any more", run.name);
                continue;
            };
            // Without a step there was nothing to judge.
            let now = if recorded.steps.held().is_empty() { was } else { again(recorded, case, &run.baseline) };
            if now != was {
                let _ = writeln!(complaints, "{}: `{name}` was {}, is {}", run.name, was.name(), now.name());
            }
        }
    }
    assert_eq!(complaints, "", "if that is meant, record the runs anew");
}

#[rstest]
fn recorded_runs_are_green_and_use_up_their_baselines(runs: &[Recorded]) {
    for run in runs {
        let red = run.report.results.iter().filter(|case| case.result.outcome.is_red(true));
        assert_eq!(red.map(CaseReport::test_name).collect::<Vec<_>>(), Vec::<String>::new(), "{}", run.name);
        let known = run.report.results.iter().filter(|case| case.result.outcome == Outcome::Known);
        let entry = |case: &CaseReport| run.baseline.known(&case.scenario, case.case.as_deref()).map(Known::entry);
        let used: BTreeSet<_> = known.filter_map(entry).collect();
        let listed: BTreeSet<_> = run.baseline.known.iter().map(Known::entry).collect();
        assert_eq!(used, listed, "{}", run.name);
    }
}

/// What upstream may not know yet, the page neither describes nor reproduces.
#[rstest]
fn only_what_is_public_upstream_is_described(runs: &[Recorded]) {
    let page = findings(runs);
    let causes = runs.iter().flat_map(|run| run.baseline.known.iter().map(|known| &known.cause));
    for cause in causes {
        let is_public = cause.reference.contains("https://github.com/immich-app/immich/");
        assert_eq!(page.contains(&cause.reason), is_public, "{}", cause.reason);
    }
    let headings = page.matches("\n### ").count();
    assert_eq!((page.matches("**Reproduce**").count(), page.matches("| [#").count()), (headings, headings));
}

#[rstest]
fn the_findings_are_up_to_date(runs: &[Recorded]) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/immich-findings.md");
    snapbox::assert_data_eq!(findings(runs), Data::read_from(&page, None).raw());
}
