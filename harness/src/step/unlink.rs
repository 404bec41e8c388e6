//! Undoing a link.

use schemars::JsonSchema;
use serde::Deserialize;

use super::action::Action;
use crate::immich::ApiRoute;
use crate::placeholder::texts;
use crate::stage::{Observation, StepError, World};
use crate::user_agent::Body;

/// Unlinks the account that is signed in in this browser.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Unlink {}

texts!(Unlink {} but not {});

impl Action for Unlink {
    async fn perform(&self, world: &mut World, agent: &str) -> Result<Observation, StepError> {
        let answer = world.ask_as_session(agent, ApiRoute::UNLINK, Body::Empty).await?;
        Ok(Observation { end_user: world.end_user_of(agent), answer: Some(answer), ..Observation::default() })
    }

    fn routes(&self) -> Vec<ApiRoute> {
        vec![ApiRoute::UNLINK]
    }

    fn tell(&self) -> String {
        "The end-user unlinks the signed-in account from the provider".to_owned()
    }
}
