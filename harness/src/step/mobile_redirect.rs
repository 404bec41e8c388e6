//! The page that hands a browser over to the mobile app.

use schemars::JsonSchema;
use serde::Deserialize;

use super::action::Action;
use crate::immich::{ApiRoute, way_to_app};
use crate::placeholder::texts;
use crate::stage::{Observation, StepError, World};
use crate::user_agent::Body;

/// Opens `/api/oauth/mobile-redirect`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MobileRedirect {
    /// The query after the `?`, unchanged. Without this key, the URL has no `?`.
    pub query: Option<String>,
}

texts!(MobileRedirect { query } but not {});

impl Action for MobileRedirect {
    async fn perform(&self, world: &mut World, agent: &str) -> Result<Observation, StepError> {
        let route = ApiRoute::MOBILE_REDIRECT;
        let query = self.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        let path = format!("{}{query}", route.path());
        let request = world.request_to_target(route.method(), &path, Body::Empty)?;
        let answer = world.send(agent, request).await?;
        let redirect = way_to_app(&answer);
        Ok(Observation { redirect, answer: Some(answer), ..Observation::default() })
    }

    fn routes(&self) -> Vec<ApiRoute> {
        vec![ApiRoute::MOBILE_REDIRECT]
    }

    fn tell(&self) -> String {
        let query = self.query.as_ref().map(|query| format!(" with the query `{query}`")).unwrap_or_default();
        format!("The browser opens the server's redirect page for mobile apps{query}")
    }

    fn only_looks(&self) -> bool {
        true
    }
}
