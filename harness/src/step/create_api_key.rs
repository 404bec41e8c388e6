//! An API key of a user.

use schemars::JsonSchema;
use serde::Deserialize;

use super::action::Action;
use crate::immich::{ApiRoute, api_key_body, new_api_key};
use crate::placeholder::texts;
use crate::stage::{Observation, StepError, World};
use crate::user_agent::Body;

/// Creates an API key for the account that is signed in in this browser.
/// `request.auth = "api-key"` uses the key.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CreateApiKey {}

texts!(CreateApiKey {} but not {});

impl Action for CreateApiKey {
    async fn perform(&self, world: &mut World, agent: &str) -> Result<Observation, StepError> {
        let answer = world.ask_as_session(agent, ApiRoute::CREATE_API_KEY, Body::Json(api_key_body())).await?;
        world.remember_api_key(agent, new_api_key(&answer));
        Ok(Observation { answer: Some(answer), ..Observation::default() })
    }

    fn routes(&self) -> Vec<ApiRoute> {
        vec![ApiRoute::CREATE_API_KEY]
    }

    fn tell(&self) -> String {
        "The signed-in end-user creates an API key".to_owned()
    }
}
