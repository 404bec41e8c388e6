//! The report as JSON: all that a run found, and the problems that it shows.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value, json, to_value};

use super::format::{Format, FormatError, Style};
use super::problem::{ProblemReport, problems};
use super::shape::Report;
use crate::escape;

pub(super) static JSON: Format = Format {
    name: "json",
    text: "for scripts, `report` and `diff`",
    render,
    ending: Some("json"),
    after_live: None,
    shows_steps: true,
};

/// The member that a file has beside those of a [`Report`]. It is made of the
/// tests, so reading a report leaves it out.
const PROBLEMS: &str = "problems";

fn render(report: &Report, _: Style) -> Result<String, FormatError> {
    let problems: Vec<ProblemReport> = problems(report).iter().map(|problem| problem.report(report)).collect();
    let mut document = to_value(report)?;
    document[PROBLEMS] = to_value(problems)?;
    Ok(escape::json(&document, true)? + "\n")
}

/// What stands in the file.
struct ReportDocument;

impl JsonSchema for ReportDocument {
    fn schema_name() -> Cow<'static, str> {
        "Report".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut document = Report::json_schema(generator);
        let mut problems = generator.subschema_for::<Vec<ProblemReport>>();
        let text = "What the server does wrong, the worst first: made of the tests.";
        problems.insert("description".to_owned(), text.into());
        problems.insert("default".to_owned(), json!([]));
        if let Some(Value::Object(members)) = document.get_mut("properties") {
            members.insert(PROBLEMS.to_owned(), problems.into());
        }
        document
    }
}

/// The JSON schema of a report.
pub fn schema() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<ReportDocument>().to_value()
}
