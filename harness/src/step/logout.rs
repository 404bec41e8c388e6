//! Signing out at the target.

use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use super::action::Action;
use super::flow;
use crate::immich::{ApiRoute, end_session_url};
use crate::placeholder::texts;
use crate::stage::{Observation, StepError, World};
use crate::user_agent::Body;

/// Signs the browser out at the target.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Logout {
    /// Whether the request has cookies, as from a browser, or only the bearer
    /// token, as from the app.
    #[serde(default = "yes")]
    pub cookies: bool,
    /// Whether the browser follows the target's redirect, to sign out at the
    /// provider, too.
    #[serde(default)]
    pub follow: bool,
}

texts!(Logout {} but not { cookies, follow });

fn yes() -> bool {
    true
}

impl Action for Logout {
    async fn perform(&self, world: &mut World, agent: &str) -> Result<Observation, StepError> {
        let end_user = world.end_user_of(agent);
        let answer = if self.cookies {
            world.ask_target(agent, ApiRoute::LOGOUT, Body::Empty, true).await?
        } else {
            world.ask_with_bearer(agent, ApiRoute::LOGOUT, Body::Empty).await?
        };
        let redirect = end_session_url(&answer);
        let mut observation = Observation { end_user, redirect, answer: Some(answer), ..Observation::default() };
        if self.follow
            && let Some(redirect) = observation.redirect.clone()
        {
            follow(world, agent, &redirect, &mut observation).await?;
        }
        Ok(observation)
    }

    fn routes(&self) -> Vec<ApiRoute> {
        vec![ApiRoute::LOGOUT]
    }

    fn tell(&self) -> String {
        let cookies = if self.cookies { "" } else { ", with only the bearer token" };
        let follow = if self.follow { ", and then also at the provider" } else { "" };
        format!("The end-user signs out{cookies}{follow}")
    }
}

/// Goes on to where the target sends the user agent. What the provider says is
/// noted unless the end-user is signed out there.
async fn follow(
    world: &mut World,
    agent: &str,
    redirect: &str,
    observation: &mut Observation,
) -> Result<(), StepError> {
    let base = Url::parse(world.target_origin());
    let url = base.and_then(|base| base.join(redirect)).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(url) = url else {
        observation.dead_end = Some(format!("sent the browser to {}, which is not a web page", flow::shown(redirect)));
        return Ok(());
    };
    // Not every provider has the endpoint below the issuer.
    if Url::parse(world.issuer.url()).is_ok_and(|issuer| issuer.origin() == url.origin()) {
        let answer = world.visit(agent, redirect).await?;
        let asks = answer.response_body.contains("<form");
        let done = answer.status.is_some_and(|status| status < 400) && !asks;
        if !done {
            flow::note_stop(observation, &answer);
        }
    }
    Ok(())
}
