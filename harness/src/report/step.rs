//! A step of a test in a report, and what the steps of a test show of sign-in.
//! [`super::steps`] holds those of a test.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::exchange::{ExchangeReport, Party};
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

impl StepReport {
    /// Whether a check of it did not hold.
    pub(super) fn has_failed(&self) -> bool {
        self.checks.iter().any(|check| !check.held)
    }
}

/// What the steps of a test show of sign-in, whatever came of the test.
#[derive(Debug, Clone, Copy)]
pub struct ShownSignIn {
    /// Whether the server accepts what comes from the provider in a step in which
    /// everything holds.
    pub(super) is_accepted: bool,
    /// Whether there is an alteration.
    pub(super) is_altered: bool,
    /// Whether the server requests the provider's JWKS.
    pub(super) asks_for_keys: bool,
}

impl ShownSignIn {
    pub(super) fn of(steps: &[StepReport]) -> Self {
        let accepts = |step: &StepReport| {
            let came_back = step.exchanges.iter().rposition(|one| one.endpoint.as_deref() == Some("authorization"));
            let mut after = step.exchanges.iter().skip(came_back.map_or(usize::MAX, |at| at + 1));
            step.checks.iter().all(|check| check.held)
                && after.any(|one| one.to == Party::Target && one.exchange.status.is_some() && !one.exchange.is_error())
        };
        let exchanges = || steps.iter().flat_map(|step| &step.exchanges);
        Self {
            is_accepted: steps.iter().any(accepts),
            is_altered: exchanges().any(ExchangeReport::is_altered),
            asks_for_keys: exchanges().any(|one| one.from == Party::Target && one.endpoint.as_deref() == Some("jwks")),
        }
    }
}

#[cfg(test)]
impl StepReport {
    /// A sign-in with these checks.
    pub(crate) fn sample(checks: Vec<Check>) -> Self {
        let (id, action) = ("s".to_owned(), "sign-in".to_owned());
        Self { id, action, sentence: String::new(), checks, foreign_owner: None, exchanges: Vec::new() }
    }
}
