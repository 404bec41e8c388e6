//! A change at the provider in the middle of a scenario.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::list::References;
use super::{Observation, StepError, World};

/// Changes the provider from here on.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ChangeProvider {
    /// Provider settings to change; the others stay.
    #[serde(default)]
    #[schemars(schema_with = "crate::scenario::schema::provider_settings")]
    pub settings: Map<String, Value>,
    /// Quirks from here on, instead of those of the scenario.
    #[serde(default)]
    #[schemars(schema_with = "crate::scenario::schema::quirks")]
    pub quirks: Option<Map<String, Value>>,
    /// The signing keys are replaced; the old ones leave the JWKS.
    #[serde(default)]
    pub rotate_keys: bool,
    /// `false`: the provider goes down; `true`: it comes back.
    pub available: Option<bool>,
    /// Claims of end-users to change.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, Map<String, Value>>")]
    pub users: IndexMap<String, Map<String, Value>>,
}

impl ChangeProvider {
    #[expect(clippy::unused_async, reason = "steps are performed alike")]
    pub(super) async fn perform(&self, world: &mut World, _agent: &str) -> Result<Observation, StepError> {
        world.change_provider(self)?;
        Ok(Observation::arrangement())
    }

    pub(super) fn references(&self) -> References<'_> {
        References { end_user: self.users.keys().next().map(|name| ("users", name.as_str())), ..References::default() }
    }
}
