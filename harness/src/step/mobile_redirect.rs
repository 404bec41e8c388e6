//! The page that hands a browser over to the mobile app.

use schemars::JsonSchema;
use serde::Deserialize;

use super::references::References;
use crate::stage::{Observation, StepError, World};
use crate::user_agent::Body;

/// Opens `/api/oauth/mobile-redirect`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MobileRedirect {
    /// What follows the `?`, as it stands; without it there is no `?`.
    pub query: Option<String>,
}

impl MobileRedirect {
    pub(super) async fn perform(&self, world: &mut World, agent: &str) -> Result<Observation, StepError> {
        let path = match &self.query {
            Some(query) => format!("/api/oauth/mobile-redirect?{query}"),
            None => "/api/oauth/mobile-redirect".to_owned(),
        };
        let answer = world.ask_target(agent, "GET", &path, Body::Empty, false).await?;
        let redirect = answer.header("location").map(ToOwned::to_owned);
        Ok(Observation { redirect, answer: Some(answer), ..Observation::default() })
    }

    /// What it does, as a sentence.
    pub(super) fn tell(&self) -> String {
        let query = self.query.as_ref().map(|query| format!(" with the query `{query}`")).unwrap_or_default();
        format!("The redirect address for mobile apps is visited{query}")
    }

    #[expect(clippy::unused_self, reason = "every step answers this question")]
    pub(super) fn references(&self) -> References<'_> {
        References::default()
    }
}
