//! Linking an end-user of the provider to a signed-in account.

use schemars::JsonSchema;
use serde::Deserialize;

use super::action::{Action, References};
use super::flow::{self, Finish, Start};
use super::tamper::{CallbackChange, Tamper};
use crate::immich::ApiRoute;
use crate::immich::RedirectUri;
use crate::placeholder::texts;
use crate::stage::{Client, Kind, Observation, StepError, World};

/// Links an end-user to the account that is signed in in this browser.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Link {
    /// The end-user who signs in at the provider; not with `of`.
    #[serde(rename = "as")]
    pub end_user: Option<String>,
    /// Who drives the flow: a web page (the default) or the mobile app.
    #[serde(default)]
    pub client: Client,
    /// The redirect URI. Default: the settings page, or the app's redirect URI.
    pub redirect_uri: Option<String>,
    /// An earlier step whose callback the step uses instead of a new one.
    pub of: Option<String>,
    /// What an attacker changes in the callback.
    #[serde(default)]
    pub tamper: Tamper,
}

texts!(Link { redirect_uri, tamper } but not { end_user, client, of });

impl Action for Link {
    async fn perform(&self, world: &mut World, agent: &str) -> Result<Observation, StepError> {
        let memory = match (&self.of, &self.end_user) {
            (Some(_), Some(_)) => {
                return Err(StepError::Scenario(
                    "a link names an end-user (`as`) or an earlier step (`of`), not both".into(),
                ));
            }
            (Some(step), None) => world.memories.recall(step)?.clone(),
            (None, Some(end_user)) => {
                let redirect_uri = self.redirect_uri.clone().unwrap_or_else(|| match self.client {
                    Client::Web => RedirectUri::SettingsPage.at(world.target_origin()),
                    Client::Mobile => self.client.redirect_uri(world.target_origin()),
                });
                let start = Start { end_user: Some(end_user), client: self.client, redirect_uri, ..Start::default() };
                let (memory, mut observation) = flow::start(world, agent, &start).await?;
                if memory.callback_url.is_none() {
                    observation.kind = Kind::Link;
                    return Ok(observation);
                }
                memory
            }
            (None, None) => {
                return Err(StepError::Scenario("a link names an end-user (`as`) or an earlier step (`of`)".into()));
            }
        };
        world.memories.keep(memory.clone());
        let finished = flow::finish(world, agent, &memory, Finish::Link, &self.tamper, true).await?;
        Ok(Observation { end_user: memory.end_user, ..finished })
    }

    fn routes(&self) -> Vec<ApiRoute> {
        vec![ApiRoute::AUTHORIZE, ApiRoute::LINK]
    }

    fn tell(&self) -> String {
        let whom = match (&self.end_user, &self.of) {
            (Some(name), _) => name.clone(),
            (None, Some(step)) => format!("the end-user who signed in at the provider in step `{step}`"),
            (None, None) => "no end-user".to_owned(),
        };
        format!("The end-user links the signed-in account to {whom}{}", self.client.words())
    }

    fn tampering() -> &'static [&'static str] {
        &["tamper"]
    }

    fn changes(&self) -> Vec<CallbackChange> {
        self.tamper.changes()
    }

    fn references(&self) -> References<'_> {
        References {
            end_user: self.end_user.as_deref().map(|name| ("as", name)),
            step: self.of.as_deref().map(|id| ("of", id)),
            finishes: true,
            ..References::default()
        }
    }
}
