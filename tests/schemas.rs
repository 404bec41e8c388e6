//! Reports, baselines and scenario files fit their schemas, and the schemas in
//! the repository are those of the code; `SNAPSHOTS=overwrite cargo test` writes
//! them anew.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::path::Path;
use std::process::Command;

use conformance_tests::scenarios;
use harness::baseline;
use harness::diagnostic::Source;
use harness::document::Node;
use harness::immich::dialect_schema;
use harness::report;
use harness::scenario::{Catalogue, schema};
use rstest::rstest;
use serde_json::Value;
use snapbox::Data;
use snapbox::data::DataFormat;

use crate::reports::{fixed, written};
use crate::skipped::missing;

/// A JSON schema, compiled.
pub struct Schema {
    schemas: boon::Schemas,
    index: boon::SchemaIndex,
}

impl Schema {
    pub fn new(schema: Value) -> Self {
        let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
        compiler.add_resource("schema.json", schema).unwrap();
        let index = compiler.compile("schema.json", &mut schemas).unwrap();
        Self { schemas, index }
    }

    /// What of the document does not fit; empty where all does.
    pub fn problems(&self, document: &Value) -> String {
        self.schemas.validate(document, self.index).err().map(|problem| format!("{problem:#}")).unwrap_or_default()
    }
}

#[test]
fn the_fixed_report_fits_the_schema() {
    let json = serde_json::to_value(fixed("run.json")).unwrap();
    assert_eq!(Schema::new(report::schema()).problems(&json), "");
}

#[test]
fn junit_fits_its_schema() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("junit/junit.xsd");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), written("junit", &fixed("run.json"))).unwrap();
    let checked = Command::new("xmllint").arg("--noout").arg("--schema").arg(schema).arg(file.path()).output();
    match checked {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => missing(&format!("xmllint, of libxml2-utils, cannot be run: {error}")),
    }
}

#[rstest]
#[case("scenario.schema.json", schema::scenario())]
#[case("baseline.schema.json", baseline::schema())]
#[case("dialect.schema.json", dialect_schema())]
fn committed_schemas_are_up_to_date(#[case] file: &str, #[case] fresh: Value) {
    let committed = Data::read_from(&scenarios().join(file), Some(DataFormat::Text));
    snapbox::assert_data_eq!(format!("{fresh:#}\n"), committed.raw());
}

#[test]
fn the_dialect_of_the_tests_fits_the_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("dialects/other.toml");
    let source = Source { text: std::fs::read_to_string(&path).unwrap(), path };
    let document = Node::parse(&source).unwrap().to_json();
    assert_eq!(Schema::new(dialect_schema()).problems(&document), "");
}

#[test]
fn every_baseline_fits_the_schema() {
    let schema = Schema::new(baseline::schema());
    for baseline in Catalogue::baselines().unwrap() {
        let document = Node::parse(&baseline.source).unwrap().to_json();
        assert_eq!(schema.problems(&document), "", "{}", baseline.name);
    }
}

#[test]
fn every_scenario_fits_the_schema_in_its_own_right() {
    let schema = Schema::new(schema::scenario());
    for scenario in Catalogue::read(&[scenarios()]).unwrap().scenarios {
        let documents = scenario.documents();
        assert_eq!(documents.len(), scenario.cases().len(), "{}", scenario.name);
        for document in documents {
            assert_eq!(schema.problems(&document.to_json()), "", "{}", scenario.name);
        }
    }
}
