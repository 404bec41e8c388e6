//! A sign-in without the provider.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::action::{Action, References};
use crate::immich::{ApiRoute, session_tokens};
use crate::placeholder::texts;
use crate::stage::{Kind, Memory, Observation, StepError, World};
use crate::user_agent::Body;

/// Signs in with the email and password of `create-account`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PasswordSignIn {
    /// The end-user whose local account it is.
    #[serde(rename = "for")]
    pub end_user: String,
    /// Another email than in `create-account`, such as one that the user has
    /// entered since then; must contain `{run}`.
    pub email: Option<String>,
}

texts!(PasswordSignIn { email } but not { end_user });

impl Action for PasswordSignIn {
    async fn perform(&self, world: &mut World, agent: &str) -> Result<Observation, StepError> {
        let (email, password) = world.local_credentials(&self.end_user)?;
        let email = self.email.clone().unwrap_or(email);
        let body = Body::Json(json!({"email": email, "password": password}));
        let answer = world.ask_target(agent, ApiRoute::PASSWORD_SIGN_IN, body, true).await?;
        let end_user = Some(self.end_user.clone());
        world.memories.keep(Memory { end_user: end_user.clone(), ..Memory::default() });
        world.remember_session(agent, session_tokens(&answer).first().cloned());
        Ok(Observation { kind: Kind::SignIn, end_user, answer: Some(answer), ..Observation::default() })
    }

    fn routes(&self) -> Vec<ApiRoute> {
        vec![ApiRoute::PASSWORD_SIGN_IN, ApiRoute::OWN_ACCOUNT]
    }

    fn tell(&self) -> String {
        let email = self.email.as_ref().map(|email| format!(" and the email {email}")).unwrap_or_default();
        format!("{} signs in with the password of the local account{email}", self.end_user)
    }

    fn references(&self) -> References<'_> {
        References { end_user: Some(("for", &self.end_user)), ..References::default() }
    }
}
