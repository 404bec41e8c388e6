//! The report as JSON: all that a run found, and the problems that it shows.

use std::borrow::Cow;
use std::io::Write;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Value, json};

use super::format::{Format, FormatError, Rendering};
use super::problem::{ProblemReport, problems};
use super::shape::Report;
use crate::escape;

pub(super) static JSON: Format = Format {
    name: "json",
    text: "for scripts, `report` and `diff`",
    rendering: Rendering::Stream(render),
    ending: Some("json"),
    after_live: None,
    shows_steps: true,
};

/// The member that a file has beside those of a [`Report`]. It is made of the
/// tests, so reading a report leaves it out.
const PROBLEMS: &str = "problems";

fn render(report: &Report, out: &mut dyn Write) -> Result<(), FormatError> {
    let problems = problems(report).iter().map(|problem| problem.report(report)).collect();
    escape::write_json(&ReportDocument { report, problems }, true, &mut *out)?;
    Ok(out.write_all(b"\n")?)
}

/// What stands in the file.
#[derive(Serialize)]
struct ReportDocument<'a> {
    #[serde(flatten)]
    report: &'a Report,
    problems: Vec<ProblemReport>,
}

impl JsonSchema for ReportDocument<'_> {
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
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<ReportDocument<'_>>().to_value()
}
