//! Where the settings come from: over the API, from a file, or from environment
//! variables.

use std::collections::HashMap;
use std::path::PathBuf;

use serde_json::{Map, Value};

/// Where the settings come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SettingsSource {
    /// Administrators change them over the API.
    #[default]
    Api,
    /// A file in JSON or YAML, which the server reads anew.
    File(PathBuf),
    /// A file that it reads only when it starts.
    FileOnce(PathBuf),
    /// Environment variables, by name, as they are when the server starts.
    Environment(HashMap<String, String>),
}

impl SettingsSource {
    /// Whether they are read only when the server starts.
    pub fn is_read_once(&self) -> bool {
        matches!(self, Self::FileOnce(_) | Self::Environment(_))
    }

    /// Whether they come from a file.
    pub fn is_file(&self) -> bool {
        matches!(self, Self::File(_) | Self::FileOnce(_))
    }

    /// Why the API cannot change them, if it cannot.
    pub fn refusal(&self) -> Option<&'static str> {
        match self {
            Self::Api => None,
            Self::File(_) | Self::FileOnce(_) => Some("Cannot update configuration while IMMICH_CONFIG_FILE is in use"),
            Self::Environment(_) => Some("Cannot update configuration that comes from environment variables"),
        }
    }
}

/// The settings that environment variables set, each with the kind of its
/// default. `oauth.clientId` comes from `OAUTH_CLIENT_ID`.
pub fn of_environment(defaults: &Value, variables: &HashMap<String, String>) -> Result<Value, String> {
    let mut document = Map::new();
    for (section, keys) in defaults.as_object().into_iter().flatten() {
        let mut found = Map::new();
        for (key, default) in keys.as_object().into_iter().flatten() {
            let name = variable(section, key);
            let Some(text) = variables.get(&name) else { continue };
            let value = match default {
                Value::String(_) => Some(Value::from(text.as_str())),
                _ if text.is_empty() && default.is_null() => Some(Value::Null),
                _ => serde_json::from_str(text).ok(),
            };
            found.insert(key.clone(), value.ok_or_else(|| format!("{name} has another kind"))?);
        }
        document.insert(section.clone(), found.into());
    }
    Ok(document.into())
}

/// The variable of a setting.
fn variable(section: &str, key: &str) -> String {
    let mut name = String::new();
    for letter in format!("{section}_{key}").chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case("OAUTH_CLIENT_ID", "a b", Ok(json!({"oauth": {"clientId": "a b"}, "passwordLogin": {}})))]
    #[case("OAUTH_CLIENT_ID", "", Ok(json!({"oauth": {"clientId": ""}, "passwordLogin": {}})))]
    #[case("PASSWORD_LOGIN_ENABLED", "false", Ok(json!({"oauth": {}, "passwordLogin": {"enabled": false}})))]
    #[case("PASSWORD_LOGIN_ENABLED", "no", Err("PASSWORD_LOGIN_ENABLED has another kind"))]
    #[case("OAUTH_QUOTA", "", Ok(json!({"oauth": {"quota": null}, "passwordLogin": {}})))]
    #[case("OAUTH_QUOTA", "7", Ok(json!({"oauth": {"quota": 7}, "passwordLogin": {}})))]
    #[case("OAUTH_TIMEOUT", "", Err("OAUTH_TIMEOUT has another kind"))]
    #[case("HOME", "/", Ok(json!({"oauth": {}, "passwordLogin": {}})))]
    fn a_variable_has_the_kind_of_the_default(
        #[case] name: &str,
        #[case] text: &str,
        #[case] expected: Result<Value, &str>,
    ) {
        let oauth = json!({"clientId": "x", "quota": null, "timeout": 1});
        let defaults = json!({"oauth": oauth, "passwordLogin": {"enabled": true}});
        let found = of_environment(&defaults, &HashMap::from([(name.to_owned(), text.to_owned())]));
        assert_eq!(found, expected.map_err(ToOwned::to_owned));
    }
}
