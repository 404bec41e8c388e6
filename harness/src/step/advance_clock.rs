//! Time passes.

use schemars::JsonSchema;
use serde::Deserialize;

use super::references::References;
use crate::plural::counted;
use crate::stage::{Observation, StepError, World};

/// Moves the provider's clock forward, and the target's where it is shared.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AdvanceClock {
    /// How far, in seconds.
    pub seconds: u32,
}

impl AdvanceClock {
    #[expect(clippy::unused_async, reason = "steps are performed alike")]
    pub(super) async fn perform(&self, world: &mut World, _agent: &str) -> Result<Observation, StepError> {
        world.advance_clock(self.seconds);
        Ok(Observation::arrangement())
    }

    /// What it does, as a sentence.
    pub(super) fn tell(&self) -> String {
        format!("The clock moves on by {}", counted(self.seconds, "second", "seconds"))
    }

    #[expect(clippy::unused_self, reason = "every step answers this question")]
    pub(super) fn references(&self) -> References<'_> {
        References::default()
    }
}
