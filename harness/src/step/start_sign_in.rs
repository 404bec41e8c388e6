//! The first half of a sign-in.

use schemars::JsonSchema;
use serde::Deserialize;

use super::action::{Action, Begun, References};
use super::flow::{self, Start};
use crate::immich::ApiRoute;
use crate::placeholder::texts;
use crate::stage::{Client, Observation, StepError, World};

/// Starts a sign-in and stops before the callback.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StartSignIn {
    /// The end-user who signs in at the provider. Without it, the step only
    /// asks the target for the authorization URL.
    #[serde(rename = "as")]
    pub end_user: Option<String>,
    /// Who drives the flow: a web page (the default) or the mobile app.
    #[serde(default)]
    pub client: Client,
    /// The redirect URI. Default: the redirect URI of the client.
    pub redirect_uri: Option<String>,
    /// The `state` that the app creates. Default: a random one.
    pub state: Option<String>,
}

texts!(StartSignIn { redirect_uri, state } but not { end_user, client });

impl Action for StartSignIn {
    async fn perform(&self, world: &mut World, agent: &str) -> Result<Observation, StepError> {
        let redirect_uri = self.redirect_uri.clone().unwrap_or_else(|| self.client.redirect_uri(world.target_origin()));
        let start = Start {
            end_user: self.end_user.as_deref(),
            client: self.client,
            redirect_uri,
            state: self.state.as_deref(),
            deny: None,
        };
        let (memory, observation) = flow::start(world, agent, &start).await?;
        world.memories.keep(memory);
        Ok(observation)
    }

    fn routes(&self) -> Vec<ApiRoute> {
        vec![ApiRoute::AUTHORIZE]
    }

    fn tell(&self) -> String {
        let back = self.redirect_uri.as_ref().map(|uri| format!(", with the redirect URI {uri}")).unwrap_or_default();
        let state = self.state.as_ref().map(|state| format!(", with the state `{state}`")).unwrap_or_default();
        match &self.end_user {
            Some(name) => {
                format!("{name} starts a sign-in{}{back}{state}, and stops before the callback", self.client.words())
            }
            None => {
                format!(
                    "The browser asks the server for the authorization URL of a sign-in{}{back}{state}",
                    self.client.words()
                )
            }
        }
    }

    fn references(&self) -> References<'_> {
        References { end_user: self.end_user.as_deref().map(|name| ("as", name)), ..References::default() }
    }

    fn begins(&self) -> Begun {
        if self.end_user.is_some() { Begun::Callback } else { Begun::Asked }
    }
}
