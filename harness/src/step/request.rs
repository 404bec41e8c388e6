//! Any other request to the target.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::action::{Action, Head};
use crate::immich::ApiRoute;
use crate::placeholder::texts;
use crate::stage::{Observation, StepError, World};
use crate::user_agent::Body;

/// Sends a request of your own to the target.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Request")]
pub struct CustomRequest {
    /// The HTTP method, such as `GET` or `POST`; any method except `CONNECT`.
    #[serde(default = "get")]
    pub method: String,
    /// Path and query on the target, such as `/api/server/features`.
    pub path: String,
    /// A JSON body.
    pub json: Option<Value>,
    /// A form body.
    pub form: Option<IndexMap<String, String>>,
    /// The credentials of the request. Default: none.
    #[serde(default)]
    pub auth: Auth,
}

texts!(CustomRequest { path, json, form } but not { method, auth });

/// Who sends a [`CustomRequest`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(description = "Who sends a [`Request`].")]
#[serde(rename_all = "kebab-case")]
pub enum Auth {
    /// No cookies and no token.
    #[default]
    None,
    /// The session of this browser.
    Session,
    /// The API key that this browser created.
    ApiKey,
}

fn get() -> String {
    "GET".to_owned()
}

impl Action for CustomRequest {
    async fn perform(&self, world: &mut World, agent: &str) -> Result<Observation, StepError> {
        let body = match (&self.json, &self.form) {
            (Some(_), Some(_)) => {
                return Err(StepError::Scenario("a request has one body: `json` or `form`, not both".into()));
            }
            (Some(json), None) => Body::Json(json.clone()),
            (None, Some(form)) => Body::Form(form.clone().into_iter().collect()),
            (None, None) => Body::Empty,
        };
        let request = world.request_to_target(&self.method, &self.path, body)?;
        let answer = match self.auth {
            Auth::None => world.send(agent, request).await?,
            Auth::Session => world.send_as_session(agent, request).await?,
            Auth::ApiKey => world.send_with_api_key(agent, request).await?,
        };
        let redirect = answer.header("location").map(ToOwned::to_owned);
        Ok(Observation { redirect, answer: Some(answer), ..Observation::default() })
    }

    fn routes(&self) -> Vec<ApiRoute> {
        ApiRoute::required_at(&self.method, &self.path).into_iter().collect()
    }

    fn tell(&self) -> String {
        let who = match self.auth {
            Auth::None => "A client without credentials",
            Auth::Session => "The signed-in end-user",
            Auth::ApiKey => "The owner of the API key",
        };
        format!("{who} sends {} {} to the server", self.method, self.path)
    }

    fn only_looks(&self) -> bool {
        let looks = matches!(self.method.as_str(), "GET" | "HEAD");
        self.auth == Auth::None && looks && !ApiRoute::shows_settings(&self.path)
    }

    fn head(&self) -> Head<'_> {
        Head { method: Some(&self.method), path: Some(&self.path) }
    }
}
