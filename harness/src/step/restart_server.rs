//! A server that is stopped and started again.

use schemars::JsonSchema;
use serde::Deserialize;

use super::action::Action;
use crate::placeholder::texts;
use crate::stage::{Observation, StepError, World};

/// Restarts the target, which keeps its accounts, sessions and settings. The
/// harness can restart the reference server. At other targets, it skips the
/// scenario.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RestartServer {}

texts!(RestartServer {} but not {});

impl Action for RestartServer {
    async fn perform(&self, world: &mut World, _agent: &str) -> Result<Observation, StepError> {
        world.restart_target().await?;
        Ok(Observation::arrangement())
    }

    fn tell(&self) -> String {
        "The harness restarts the server".to_owned()
    }

    fn restarts_server(&self) -> bool {
        true
    }
}
