//! A logout token from the provider to the target.

use mock_idp::{LogoutTokenRequest, LogoutTokens};
use schemars::JsonSchema;
use serde::Deserialize;

use super::action::{Action, References};
use crate::immich::ApiRoute;
use crate::placeholder::texts;
use crate::stage::{Memory, Observation, StepError, World};
use crate::user_agent::Body;

/// The provider sends the target a logout token (OIDC Back-Channel Logout
/// §2.5). Quirks and overlays can alter the token.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BackchannelLogout {
    /// The end-user whose sessions should end.
    #[serde(rename = "as")]
    pub end_user: String,
    /// What the token names. Default: what the setting `logout-tokens` says.
    pub by: Option<By>,
    /// An earlier step whose token the provider sends again.
    pub repeat: Option<String>,
}

texts!(BackchannelLogout {} but not { end_user, by, repeat });

/// How a logout token names what is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// `sub` and `sid`.
    Both,
    /// All sessions of the end-user.
    Sub,
    /// The session of the latest sign-in.
    Sid,
    /// Neither of the two, which the specification forbids.
    Neither,
}

impl BackchannelLogout {
    fn request(&self, world: &World) -> Result<LogoutTokenRequest, StepError> {
        let sub = world.end_user(&self.end_user)?.sub.clone();
        let sid = world.issuer.sid_of(&self.end_user);
        let by = match (self.by, world.issuer.settings().logout_tokens) {
            (Some(by), _) => by,
            (None, LogoutTokens::SubAndSid) => By::Both,
            (None, LogoutTokens::Sub) => By::Sub,
            (None, LogoutTokens::NotSupported) => {
                return Err(StepError::Scenario("the provider does not support back-channel logout".into()));
            }
        };
        Ok(match by {
            By::Both => LogoutTokenRequest { sub: Some(sub), sid },
            By::Sub => LogoutTokenRequest { sub: Some(sub), sid: None },
            // Without one, the token would name no session, and the target
            // would refuse it for that.
            By::Sid if sid.is_none() => {
                let problem = format!(
                    "`{}` did not sign in at the provider, so there is no `sid` for the logout token",
                    self.end_user
                );
                return Err(StepError::NotExercised(problem));
            }
            By::Sid => LogoutTokenRequest { sub: None, sid },
            By::Neither => LogoutTokenRequest { sub: None, sid: None },
        })
    }
}

impl Action for BackchannelLogout {
    async fn perform(&self, world: &mut World, agent: &str) -> Result<Observation, StepError> {
        let token = match &self.repeat {
            Some(step) => world
                .memories
                .recall(step)?
                .logout_token
                .clone()
                .ok_or_else(|| StepError::Scenario(format!("step `{step}` sent no logout token")))?,
            None => world.issue_logout_token(self.request(world)?)?,
        };
        world.memories.keep(Memory { logout_token: Some(token.clone()), ..Memory::default() });
        let form = Body::Form(vec![("logout_token".to_owned(), token)]);
        let answer = world.ask_target(agent, ApiRoute::BACKCHANNEL_LOGOUT, form, false).await?;
        Ok(Observation { end_user: Some(self.end_user.clone()), answer: Some(answer), ..Observation::default() })
    }

    fn routes(&self) -> Vec<ApiRoute> {
        vec![ApiRoute::BACKCHANNEL_LOGOUT]
    }

    fn tell(&self) -> String {
        let by = match self.by {
            None | Some(By::Both) => "",
            Some(By::Sub) => ", with only `sub`",
            Some(By::Sid) => ", with only `sid`",
            Some(By::Neither) => ", with neither `sub` nor `sid`",
        };
        match &self.repeat {
            Some(step) => format!("The provider sends the logout token of step `{step}` again"),
            None => format!("The provider sends a logout token for {}{by}", self.end_user),
        }
    }

    fn references(&self) -> References<'_> {
        References {
            end_user: Some(("as", &self.end_user)),
            step: self.repeat.as_deref().map(|id| ("repeat", id)),
            ..References::default()
        }
    }
}
