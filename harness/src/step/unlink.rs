//! Undoing a link.

use schemars::JsonSchema;
use serde::Deserialize;

use super::references::References;
use crate::immich::ApiRoute;
use crate::stage::{Observation, StepError, World};
use crate::user_agent::Body;

/// Unlinks the account that is signed in with this agent.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Unlink {}

impl Unlink {
    pub(super) async fn perform(&self, world: &mut World, agent: &str) -> Result<Observation, StepError> {
        let answer = world.ask_as_session(agent, ApiRoute::UNLINK, Body::Empty).await?;
        Ok(Observation { end_user: world.end_user_of(agent), answer: Some(answer), ..Observation::default() })
    }

    /// What it does, as a sentence.
    #[expect(clippy::unused_self, reason = "every step tells what it does")]
    pub(super) fn tell(&self) -> String {
        "The account that is signed in is unlinked from the provider".to_owned()
    }

    #[expect(clippy::unused_self, reason = "every step answers this question")]
    pub(super) fn references(&self) -> References<'_> {
        References::default()
    }
}
