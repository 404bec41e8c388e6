//! What a baseline file may say, key by key. The doc comments are the texts of
//! the JSON schema.

use indexmap::IndexMap;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::document::FileFormat;
use crate::expect;
use crate::severity::Severity;

/// What is known of a server: which tests it does not pass, why, and what is
/// found there instead. See docs/baselines.md.
// What an author may leave out by mistake is optional here, so that the
// complaint can be one of our own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Baseline")]
pub(super) struct Document {
    /// The version of this format.
    // Looked at before all others; see [`FileFormat`].
    #[serde(rename = "format")]
    #[schemars(extend("const" = FileFormat::BASELINE.present))]
    _format: Value,
    /// What reports call it.
    pub(super) name: String,
    /// The servers at which it was measured.
    #[serde(default)]
    pub(super) fingerprint: Marks,
    /// What several tests show, said once.
    #[serde(default)]
    pub(super) causes: IndexMap<String, Why>,
    /// The tests that do not pass.
    #[serde(default)]
    pub(super) known: Vec<KnownEntry>,
}

/// Settings and routes that tell a server from others, and its versions.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Marks {
    /// All of these are there, such as `oauth.prompt`.
    pub(super) present: Vec<String>,
    /// None of these is there.
    pub(super) absent: Vec<String>,
    /// A range of versions, such as `=2.7.5`.
    pub(super) version: Option<String>,
}

/// Why a server does something otherwise.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Why {
    /// What the server does, in a sentence without its subject.
    #[schemars(required)]
    pub(super) reason: Option<String>,
    /// Where it is tracked: an issue, or the clause that it breaks.
    #[schemars(required)]
    pub(super) reference: Option<String>,
    /// How bad it is.
    pub(super) severity: Option<Severity>,
    /// What an administrator can do.
    pub(super) advice: Option<String>,
}

/// A scenario, or some of its cases, and why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Entry")]
pub(super) struct KnownEntry {
    /// The scenario, as `topic/name`.
    #[schemars(required)]
    pub(super) scenario: Option<String>,
    /// The case; all of them without `case` and `cases`.
    pub(super) case: Option<String>,
    /// Several cases.
    pub(super) cases: Option<Vec<String>>,
    /// What comes of the test.
    #[schemars(required, extend("enum" = ["failed", "finding", "blocked"]))]
    pub(super) result: Option<String>,
    // Read from the document, which knows the places.
    #[serde(rename = "found")]
    #[schemars(required, schema_with = "found")]
    pub(super) _found: Option<Map<String, Value>>,
    /// The last day on which the entry holds, as `2027-01-31`.
    pub(super) until: Option<String>,
    /// The name of a cause; without, reason and reference stand here.
    pub(super) cause: Option<String>,
    /// What the server does, in a sentence without its subject.
    pub(super) reason: Option<String>,
    /// Where it is tracked: an issue, or the clause that it breaks.
    pub(super) reference: Option<String>,
    /// How bad it is.
    pub(super) severity: Option<Severity>,
    /// What an administrator can do.
    pub(super) advice: Option<String>,
}

fn found(generator: &mut SchemaGenerator) -> Schema {
    let mut step = expect::evidence_schema(generator);
    step.insert("description".to_owned(), "The values that the run found at this step.".into());
    // A report has more words for how a step ended than a scenario may expect.
    if let Some(properties) = step.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert(
            "outcome".to_owned(),
            json!({ "description": "How the step ended.", "type": ["string", "object"] }),
        );
    }
    json_schema!({
        "type": "object",
        "description": "By step, exactly the checks that fail, with the values that the run found.",
        "additionalProperties": step,
    })
}

/// The JSON schema of a baseline file.
pub fn schema() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Document>().to_value()
}
