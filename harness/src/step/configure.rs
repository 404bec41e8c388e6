//! A change of the target's settings in the middle of a scenario.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::json;

use super::action::Action;
use crate::exchange::Exchange;
use crate::guard::Applied;
use crate::immich::WantedSettings;
use crate::placeholder::Texts;
use crate::stage::{Observation, StepError, World};

/// What the step changes.
#[derive(Debug, Clone, Deserialize)]
pub struct Configure(WantedSettings);

impl Configure {
    /// Puts the settings in the order of their names.
    pub fn sort(&mut self) {
        self.0.sort();
    }
}

impl JsonSchema for Configure {
    fn schema_name() -> Cow<'static, str> {
        "Configure".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = WantedSettings::json_schema(generator);
        let text = "Changes settings of the target; all other settings stay. The outcome is\n`done`, or `refused` with \
                    the target's message.";
        schema.insert("description".to_owned(), text.into());
        schema
    }
}

impl Texts for Configure {
    fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        self.0.each_text(change);
    }
}

impl Action for Configure {
    async fn perform(&self, world: &mut World, _agent: &str) -> Result<Observation, StepError> {
        let applied = world.configure(&self.0).await?;
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
        let changes: Vec<String> =
            self.0.named().map(|(section, key, value)| format!("{section}.{key} = {value}")).collect();
        format!("The administrator changes settings: {}", changes.join(", "))
    }

    fn settings(&self) -> Option<&WantedSettings> {
        Some(&self.0)
    }
}
