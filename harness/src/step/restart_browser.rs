//! A browser that is closed and opened again.

use schemars::JsonSchema;
use serde::Deserialize;

use super::action::Action;
use crate::placeholder::texts;
use crate::stage::{Observation, StepError, World};

/// Closes the browser and opens it again. It keeps only cookies with a lifetime
/// (RFC 6265 §5.3).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RestartBrowser {}

texts!(RestartBrowser {} but not {});

impl Action for RestartBrowser {
    async fn perform(&self, world: &mut World, agent: &str) -> Result<Observation, StepError> {
        world.restart_browser(agent);
        Ok(Observation::arrangement())
    }

    fn tell(&self) -> String {
        "The end-user closes the browser and opens it again".to_owned()
    }
}
