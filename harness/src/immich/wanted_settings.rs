//! `[server]` in scenario files, and what the step `configure` changes: settings
//! by Immich's own names. What a server has of them is for
//! [`super::Capabilities`].

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::SETTINGS;
use super::settings_document::{CHANGED, Sections};
use crate::placeholder::texts;
use crate::table_schema::table;

/// Settings of the server, by Immich's own names.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ServerShape")]
pub struct WantedSettings {
    /// The `oauth` section.
    #[schemars(schema_with = "oauth")]
    oauth: IndexMap<String, Value>,
    /// The `passwordLogin` section.
    #[serde(rename = "passwordLogin")]
    #[schemars(schema_with = "password_login")]
    password_login: IndexMap<String, Value>,
}

texts!(WantedSettings { oauth, password_login } but not {});

fn section(name: &str) -> Schema {
    let settings = SETTINGS.iter().filter(|setting| setting.section == name);
    let properties = settings.map(|setting| (setting.name.to_owned(), json!({ "description": setting.text })));
    table("Settings of the server, by Immich's own names.", properties.collect::<Map<_, _>>())
}

fn oauth(_: &mut SchemaGenerator) -> Schema {
    section(CHANGED[0])
}

fn password_login(_: &mut SchemaGenerator) -> Schema {
    section(CHANGED[1])
}

/// Whether a scenario's key is the name of a section.
pub(crate) fn is_section(name: &str) -> bool {
    CHANGED.contains(&name)
}

impl WantedSettings {
    /// Both sections, by their names.
    pub fn sections(&self) -> [(&'static str, &IndexMap<String, Value>); 2] {
        [(CHANGED[0], &self.oauth), (CHANGED[1], &self.password_login)]
    }

    /// All settings, each with its section.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &String, &Value)> {
        let sections = self.sections().into_iter();
        sections.flat_map(|(section, keys)| keys.iter().map(move |(key, value)| (section, key, value)))
    }

    /// The value of one of them.
    pub fn get(&self, section: &str, key: &str) -> Option<&Value> {
        let (_, keys) = self.sections().into_iter().find(|(name, _)| *name == section)?;
        keys.get(key)
    }

    /// Whether the server is to know no secret of the client.
    pub fn is_of_a_public_client(&self) -> bool {
        self.oauth.get("clientSecret") == Some(&Value::from(""))
    }

    /// Puts them in the order of their names, which is all the same to the server.
    pub fn sort(&mut self) {
        self.oauth.sort_keys();
        self.password_login.sort_keys();
    }

    /// Lays them over others.
    pub fn lay_over(&self, sections: &mut Sections) {
        for (name, keys) in self.sections() {
            if !keys.is_empty() {
                sections.entry(name.to_owned()).or_default().extend(keys.clone());
            }
        }
    }
}
