//! The report as JSON: all that a run found, and the problems that it shows.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::Value;

use super::format::{Format, FormatError, Style};
use super::problem::{ProblemReport, problems};
use super::shape::Report;
use crate::escape;

pub(super) static JSON: Format =
    Format { name: "json", text: "for scripts; `report`, `merge` and `diff` read it", render: json, after_live: None };

/// What stands in the file.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Report")]
struct ReportDocument<'a> {
    #[serde(flatten)]
    report: &'a Report,
    /// What the server does wrong, the worst first: made of the tests.
    #[schemars(default)]
    problems: Vec<ProblemReport>,
}

fn json(report: &Report, _: Style) -> Result<String, FormatError> {
    let problems = problems(report).iter().map(|problem| problem.report(report)).collect();
    Ok(escape::json(&ReportDocument { report, problems }, true)? + "\n")
}

/// The JSON schema of a report.
pub fn schema() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<ReportDocument<'_>>().to_value()
}
