//! A change of the target's settings in the middle of a scenario.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::action::Action;
use crate::exchange::Exchange;
use crate::guard::Applied;
use crate::immich::named_settings;
use crate::stage::{Observation, StepError, World};

/// Changes the target's settings; what is not named stays. The outcome is
/// `done`, or `refused` where the target does not take them, with its message.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Configure {
    /// The `oauth` section.
    #[serde(default)]
    #[schemars(schema_with = "crate::vocabulary::oauth")]
    pub oauth: IndexMap<String, Value>,
    /// The `passwordLogin` section.
    #[serde(default, rename = "passwordLogin")]
    #[schemars(schema_with = "crate::vocabulary::password_login")]
    pub password_login: IndexMap<String, Value>,
}

impl Action for Configure {
    async fn perform(&self, world: &mut World, _agent: &str) -> Result<Observation, StepError> {
        let applied = world.configure(&[("oauth", &self.oauth), ("passwordLogin", &self.password_login)]).await?;
        let answer = match applied {
            Applied::InForce => Exchange { status: Some(200), ..Exchange::default() },
            Applied::Refused(message) => Exchange {
                status: Some(400),
                response_body: json!({ "message": message }).to_string(),
                ..Exchange::default()
            },
        };
        Ok(Observation { answer: Some(answer), ..Observation::default() })
    }

    fn tell(&self) -> String {
        let named = named_settings(&self.oauth, &self.password_login);
        let changes: Vec<String> = named.map(|(section, key, value)| format!("{section}.{key} = {value}")).collect();
        format!("The administrator changes settings: {}", changes.join(", "))
    }

    fn settings(&self) -> Option<[&IndexMap<String, Value>; 2]> {
        Some([&self.oauth, &self.password_login])
    }
}
