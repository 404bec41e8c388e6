//! The settings of a server by Immich's names, and the other way round. A
//! setting that the dialect does not name keeps its name. Pure.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::file_keys::{Dialect, SectionNames};
use crate::immich::{Sections, SettingVariables};

impl SectionNames {
    /// What the server calls the section that Immich calls `name`.
    fn section<'a>(&'a self, name: &'a str) -> &'a str {
        self.section.as_deref().unwrap_or(name)
    }
}

impl Dialect {
    /// The sections that a run changes, by Immich's names.
    pub(crate) fn sections(&self) -> [(&'static str, &SectionNames); 2] {
        [("oauth", &self.settings.oauth), ("passwordLogin", &self.settings.password_login)]
    }

    /// The environment variables of settings; none if the server takes no setting
    /// from them.
    pub fn variables(&self) -> Option<SettingVariables> {
        let of_section = |(name, names): (&str, &SectionNames)| (name.to_owned(), names.variables.clone());
        let variables = SettingVariables(self.sections().map(of_section).into());
        (!variables.is_empty()).then_some(variables)
    }

    /// What the server calls a setting of sign-in, after its section.
    pub(crate) fn sign_in_setting(&self, name: &str) -> String {
        let names = &self.settings.oauth;
        format!("{}.{}", names.section("oauth"), names.keys.get(name).map_or(name, String::as_str))
    }

    /// A settings document of the server by Immich's names.
    pub(super) fn settings_of_server(&self, document: Value) -> Value {
        self.renamed(
            document,
            |name, names| (names.section(name).to_owned(), name.to_owned()),
            |name, names| {
                let known = names.keys.iter().find(|(_, server)| *server == name);
                known.map_or_else(|| name.to_owned(), |(immich, _)| immich.clone())
            },
        )
    }

    /// The same for the server.
    pub(super) fn settings_for_server(&self, document: Value) -> Value {
        self.renamed(
            document,
            |name, names| (name.to_owned(), names.section(name).to_owned()),
            |name, names| names.keys.get(name).cloned().unwrap_or_else(|| name.to_owned()),
        )
    }

    fn renamed(
        &self,
        mut document: Value,
        sections: impl Fn(&'static str, &SectionNames) -> (String, String),
        key: impl Fn(&str, &SectionNames) -> String,
    ) -> Value {
        let Some(members) = document.as_object_mut() else { return document };
        for (name, names) in self.sections() {
            let (from, to) = sections(name, names);
            let Some(section) = members.shift_remove(&from) else { continue };
            let section = match section {
                Value::Object(keys) => {
                    keys.into_iter().map(|(name, value)| (key(&name, names), value)).collect::<Map<_, _>>().into()
                }
                other => other,
            };
            members.insert(to, section);
        }
        document
    }

    /// Adds the addresses of the provider to wanted `settings`, for a server
    /// that reads no discovery document; `metadata` is that document.
    pub(crate) fn with_addresses(&self, mut settings: Sections, metadata: &Map<String, Value>) -> Sections {
        for (name, names) in self.sections() {
            let known = names
                .addresses
                .iter()
                .filter_map(|(key, address)| Some((key.clone(), metadata.get(address.name())?.clone())));
            let addresses: IndexMap<String, Value> = known.collect();
            if !addresses.is_empty() {
                settings.entry(name.to_owned()).or_default().extend(addresses);
            }
        }
        settings
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::file_keys::{MetadataAddress, SettingNames};
    use super::*;

    fn dialect() -> Dialect {
        let text = |pairs: &[(&str, &str)]| pairs.iter().map(|(one, other)| ((*one).into(), (*other).into())).collect();
        let oauth = SectionNames {
            section: Some("sso".to_owned()),
            keys: text(&[("issuerUrl", "issuer"), ("clientId", "client")]),
            addresses: IndexMap::from([("tokens".to_owned(), MetadataAddress::TokenEndpoint)]),
            ..SectionNames::default()
        };
        Dialect { settings: SettingNames { oauth, ..SettingNames::default() }, ..Dialect::default() }
    }

    #[test]
    fn settings_come_and_go_by_the_names_of_each() {
        let server = json!({
            "sso": {"issuer": "http://i", "scope": "openid", "colour": "red"},
            "passwordLogin": {"enabled": true},
            "trash": {"days": 7},
        });
        let immich = json!({
            "oauth": {"issuerUrl": "http://i", "scope": "openid", "colour": "red"},
            "passwordLogin": {"enabled": true},
            "trash": {"days": 7},
        });
        assert_eq!(dialect().settings_of_server(server.clone()), immich);
        assert_eq!(dialect().settings_for_server(immich.clone()), server);
        assert_eq!(Dialect::default().settings_for_server(immich.clone()), immich);
    }

    #[test]
    fn addresses_come_from_the_provider() {
        let Value::Object(metadata) = json!({"token_endpoint": "http://i/token"}) else { unreachable!("an object") };
        let settings = dialect().with_addresses(Sections::new(), &metadata);
        assert_eq!(json!(settings), json!({"oauth": {"tokens": "http://i/token"}}));
    }
}
