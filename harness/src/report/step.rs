//! A step of a test in a report. [`super::steps`] holds those of a test.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::exchange::ExchangeReport;
use crate::expect::{Check, ForeignOwner};

/// What happened in one step.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct StepReport {
    /// The step's id.
    pub id: String,
    /// What it did.
    pub action: String,
    /// The same in a sentence without a full stop; empty in a test that passed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sentence: String,
    /// What was held against what was expected.
    pub checks: Vec<Check>,
    /// Whose account the session in the answer opens, if it is not that of the
    /// step's end-user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign_owner: Option<ForeignOwner>,
    /// Everything that went over the wire, in the order in which it was
    /// asked; secrets are hidden, and what passed is abridged.
    pub exchanges: Vec<ExchangeReport>,
}
