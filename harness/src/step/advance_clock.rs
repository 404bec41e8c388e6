//! Time passes.

use schemars::JsonSchema;
use serde::Deserialize;

use super::action::Action;
use crate::placeholder::texts;
use crate::plural::counted;
use crate::stage::{Observation, StepError, World};

/// Moves the provider's clock forward, and the target's if the two share it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AdvanceClock {
    /// The number of seconds.
    pub seconds: u32,
}

texts!(AdvanceClock {} but not { seconds });

impl Action for AdvanceClock {
    async fn perform(&self, world: &mut World, _agent: &str) -> Result<Observation, StepError> {
        world.advance_clock(self.seconds);
        Ok(Observation::arrangement())
    }

    fn tell(&self) -> String {
        format!("The harness moves the clock forward by {}", counted(self.seconds, "second", "seconds"))
    }
}
