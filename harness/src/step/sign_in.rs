//! The whole way: authorize, provider, callback.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Tamper;
use super::action::{Action, References};
use super::flow::{self, Finish, Start};
use crate::immich::ApiRoute;
use crate::placeholder::texts;
use crate::stage::{Client, Kind, Observation, StepError, World};

/// Signs an end-user in, from the authorization request to the callback.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SignIn {
    /// The end-user who signs in at the provider.
    #[serde(rename = "as")]
    pub end_user: String,
    /// Who drives the flow: a web page (the default) or the mobile app.
    #[serde(default)]
    pub client: Client,
    /// The redirect URI. Default: the redirect URI of the client.
    pub redirect_uri: Option<String>,
    /// The `state` that the app creates. Default: a random one.
    pub state: Option<String>,
    /// The end-user cancels at the provider, which sends this error code back,
    /// such as `access_denied`.
    pub deny: Option<String>,
}

texts!(SignIn { redirect_uri, state, deny } but not { end_user, client });

impl Action for SignIn {
    async fn perform(&self, world: &mut World, agent: &str) -> Result<Observation, StepError> {
        let redirect_uri = self.redirect_uri.clone().unwrap_or_else(|| self.client.redirect_uri(world.target_origin()));
        let start = Start {
            end_user: Some(&self.end_user),
            client: self.client,
            redirect_uri,
            state: self.state.as_deref(),
            deny: self.deny.as_deref(),
        };
        let (memory, mut observation) = flow::start(world, agent, &start).await?;
        observation.kind = Kind::SignIn;
        world.memories.keep(memory.clone());
        if memory.callback_url.is_none() {
            return Ok(observation);
        }
        let finished = flow::finish(world, agent, &memory, Finish::SignIn, &Tamper::default(), true).await?;
        Ok(Observation { end_user: observation.end_user, redirect: observation.redirect, ..finished })
    }

    fn routes(&self) -> Vec<ApiRoute> {
        vec![ApiRoute::AUTHORIZE, ApiRoute::CALLBACK, ApiRoute::OWN_ACCOUNT]
    }

    fn tell(&self) -> String {
        let back = self.redirect_uri.as_ref().map(|uri| format!(", with the redirect URI {uri}")).unwrap_or_default();
        let state = self.state.as_ref().map(|state| format!(", with the state `{state}`")).unwrap_or_default();
        let deny = self.deny.as_ref().map(|error| format!(", but cancels at the provider ({error})"));
        format!("{} signs in{}{back}{state}{}", self.end_user, self.client.words(), deny.unwrap_or_default())
    }

    fn tampering() -> &'static [&'static str] {
        &["deny"]
    }

    fn references(&self) -> References<'_> {
        References { end_user: Some(("as", &self.end_user)), ..References::default() }
    }
}
