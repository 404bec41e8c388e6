//! Reports and generated files agree with their schemas.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use conformance_tests::{run, scenarios};
use harness::report::{self, CaseReport, CaseResult, Counts, Outcome, Report, junit};
use harness::scenario::{Catalogue, Filter, schema};
use mock_idp::QUIRKS;

fn catalogue(filter: &str) -> Catalogue {
    let mut catalogue = Catalogue::read(&[scenarios()]).unwrap();
    catalogue.retain(&Filter { text: Some(filter.to_owned()), tag: None });
    catalogue
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_run_is_told_in_json_and_junit_and_hides_secrets() {
    let report = run(&["audience-ignored"]).play(catalogue("id-token/wrong-"), |_| {}).await.unwrap();
    assert_eq!(report.exit_code, 1);
    let json = serde_json::to_value(&report).unwrap();
    let problems: Vec<String> = jsonschema::validator_for(&report::schema())
        .unwrap()
        .iter_errors(&json)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(problems, Vec::<String>::new());
    let text = json.to_string();
    assert!(text.contains("[redacted]"));
    let xml = junit(&report, false).unwrap();
    assert!(xml.contains("<testsuite name=\"id-token\""), "{xml}");
    assert!(xml.contains("type=\"failed\">"), "{xml}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_target_may_leave_is_noted_and_the_scenario_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let text = "title = 'T'\nrequirement = ['RFC 6749 §4.1']\n[users.alice]\n\
        [[steps]]\nsign-in.as = 'alice'\nexpect.response.status = { is = 418, level = 'may' }\n\
        [[steps]]\nsign-in.as = 'alice'\nexpect.response.status = 418\n";
    std::fs::write(folder.path().join("goes-on.toml"), text).unwrap();
    let catalogue = Catalogue::read(&[folder.path().to_owned()]).unwrap();
    let report = run(&[]).play(catalogue, |_| {}).await.unwrap();
    assert_eq!(report.results[0].steps.len(), 2);
    assert_eq!(report.results[0].result.outcome, Outcome::Failed);
}

/// Every outcome there is, in one report.
fn every_outcome() -> Report {
    let results = Outcome::ALL.iter().map(|outcome| {
        let mut case = CaseReport::named("topic/<odd & \"name\">", Some(outcome.name().to_owned()));
        case.result = CaseResult::new(*outcome, "because of \u{1} <this> & that");
        case
    });
    let results: Vec<CaseReport> = results.collect();
    let outcomes: Vec<CaseResult> = results.iter().map(|case| case.result.clone()).collect();
    Report {
        format: report::FORMAT,
        harness: "0".into(),
        target: None,
        baseline: None,
        seed: 1,
        strict: false,
        milliseconds: 12,
        waited_for_target_milliseconds: 3,
        counts: Counts::of(&outcomes),
        exit_code: 1,
        results,
        sources: BTreeMap::new(),
    }
}

#[test]
fn junit_fits_its_schema() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("junit/junit.xsd");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), junit(&every_outcome(), false).unwrap()).unwrap();
    let checked = Command::new("xmllint").arg("--noout").arg("--schema").arg(schema).arg(file.path()).output();
    match checked {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => eprintln!("skipped: xmllint, of libxml2-utils, cannot be run: {error}"),
    }
}

#[test]
fn the_committed_schema_is_up_to_date() {
    let fresh = format!("{:#}\n", schema::scenario());
    assert_eq!(Catalogue::committed_schema(), fresh, "run `cargo run -- schema > scenarios/scenario.schema.json`");
}

#[test]
fn every_scenario_fits_the_schema_in_its_own_right() {
    let validator = jsonschema::validator_for(&schema::scenario()).unwrap();
    for scenario in Catalogue::read(&[scenarios()]).unwrap().scenarios {
        for case in &scenario.cases {
            let problems: Vec<String> =
                validator.iter_errors(&case.play.document).map(|error| error.to_string()).collect();
            assert_eq!(problems, Vec::<String>::new(), "{}", scenario.name);
        }
    }
}

#[test]
fn every_quirk_is_used_by_a_scenario() {
    let mut texts = String::new();
    for scenario in Catalogue::read(&[scenarios()]).unwrap().scenarios {
        texts.push_str(&scenario.source.text);
    }
    for quirk in QUIRKS {
        assert!(texts.contains(&format!("quirks.{} ", quirk.name)), "{}", quirk.name);
    }
}
