//! The second half of a sign-in.

use schemars::JsonSchema;
use serde::Deserialize;

use super::flow::{self, Finish};
use super::list::References;
use super::{Observation, StepError, Tamper, World};

/// Finishes the sign-in that an earlier step started, perhaps in another
/// browser, perhaps once more, perhaps changed on the way.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Callback {
    /// The step that started it.
    pub of: String,
    /// What somebody changes on the way.
    #[serde(default)]
    pub tamper: Tamper,
    /// Whether the browser sends its cookies.
    #[serde(default = "yes")]
    pub cookies: bool,
}

fn yes() -> bool {
    true
}

impl Callback {
    pub(super) async fn perform(&self, world: &mut World, agent: &str) -> Result<Observation, StepError> {
        let memory = world.recall(&self.of)?.clone();
        world.remember(memory.clone());
        let finished = flow::finish(world, agent, &memory, Finish::SignIn, &self.tamper, self.cookies).await?;
        Ok(Observation { end_user: memory.end_user, ..finished })
    }

    pub(super) fn references(&self) -> References<'_> {
        let tampers = self.tamper != Tamper::default() || !self.cookies;
        References { step: Some(("of", &self.of)), tampers, ..References::default() }
    }
}
