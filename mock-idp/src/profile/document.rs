//! A profile as its file has it, and the settings that it gives.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::fact::{Fact, collect, nest};
use crate::placeholder::{fill, fill_text};
use crate::quirk::Deviations;
use crate::settings::ProviderSettings;

/// What a product looks like to a relying party.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The name in files.
    pub name: String,
    /// The product's own name.
    pub product: String,
    /// The version, or the date, that the facts are about.
    pub version: String,
    /// Where the facts are from, by the names that they use.
    pub sources: IndexMap<String, String>,
    /// `issuer`, provider settings, `quirks.…` and `overlay.…`, each by its
    /// dotted path.
    pub facts: IndexMap<String, Fact>,
    /// In what the imitation differs from the product.
    pub unlike: Vec<Unlike>,
}

/// Something about the product that is not imitated.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unlike {
    /// What it is.
    pub what: String,
    /// Its source, by the name that the profile gives it.
    pub source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileFile {
    product: String,
    version: String,
    sources: IndexMap<String, String>,
    facts: Map<String, Value>,
    #[serde(default)]
    unlike: Vec<Unlike>,
}

impl Profile {
    /// Reads a profile.
    pub fn parse(name: &str, text: &str) -> Result<Self, ProfileError> {
        let form = |reason: String| ProfileError::Form { profile: name.to_owned(), reason };
        let document: ProfileFile = toml::from_str(text).map_err(|error| form(error.to_string()))?;
        let profile = Self {
            name: name.to_owned(),
            product: document.product,
            version: document.version,
            sources: document.sources,
            facts: collect(&document.facts, "").map_err(form)?,
            unlike: document.unlike,
        };
        profile.check_sources()?;
        // A profile must be valid before it is applied to anything.
        let settings = ProviderSettings::default().with(&profile.settings("name", "client"));
        settings.and_then(|settings| settings.check()).map_err(|error| form(error.to_string()))?;
        Deviations::parse(&profile.quirks(), &profile.overlay()).map_err(|error| form(error.to_string()))?;
        let issuer = profile.issuer_path("name", "client");
        if !issuer.is_empty() && !issuer.starts_with('/') {
            return Err(form("`issuer` must be a path: empty, or beginning with `/`".to_owned()));
        }
        Ok(profile)
    }

    fn check_sources(&self) -> Result<(), ProfileError> {
        let confirmed = self.facts.iter().filter(|(_, fact)| fact.is_confirmed());
        let used: Vec<(&str, &str)> = confirmed
            .map(|(key, fact)| (key.as_str(), fact.source.as_str()))
            .chain(self.unlike.iter().map(|unlike| ("unlike", unlike.source.as_str())))
            .collect();
        let profile = || self.name.clone();
        if let Some((key, source)) = used.iter().find(|(_, source)| !self.sources.contains_key(*source)) {
            let (key, source_name) = ((*key).to_owned(), (*source).to_owned());
            return Err(ProfileError::NoSource { profile: profile(), key, source_name });
        }
        match self.sources.keys().find(|name| !used.iter().any(|(_, source)| source == name)) {
            Some(source_name) => {
                Err(ProfileError::UnusedSource { profile: profile(), source_name: source_name.clone() })
            }
            None => Ok(()),
        }
    }

    /// The issuer's path below the origin. `name` stands for the realm,
    /// tenant or slug that an administrator chose.
    pub fn issuer_path(&self, name: &str, client_id: &str) -> String {
        let template = self.facts.get("issuer").and_then(|fact| fact.value.as_str()).unwrap_or_default();
        fill_text(template, &[("{name}", name), ("{client_id}", client_id)])
    }

    /// The provider settings, to be laid over others.
    pub fn settings(&self, name: &str, client_id: &str) -> Map<String, Value> {
        self.part(|key| key != "issuer" && !key.starts_with("quirks.") && !key.starts_with("overlay."), name, client_id)
    }

    /// The quirks, as files write them.
    pub fn quirks(&self) -> Map<String, Value> {
        self.table("quirks")
    }

    /// The overlays, as files write them.
    pub fn overlay(&self) -> Map<String, Value> {
        self.table("overlay")
    }

    fn table(&self, name: &str) -> Map<String, Value> {
        let part = self.part(|key| key.starts_with(&format!("{name}.")), "", "");
        part.get(name).and_then(Value::as_object).cloned().unwrap_or_default()
    }

    fn part(&self, wanted: impl Fn(&str) -> bool, name: &str, client_id: &str) -> Map<String, Value> {
        let facts = self.facts.iter().filter(|(key, _)| wanted(key));
        let placeholders = [("{name}", name), ("{client_id}", client_id)];
        nest(facts.map(|(key, fact)| (key.as_str(), fill(&fact.value, &placeholders))))
    }
}

/// Why a profile cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// There is none of that name.
    #[error("unknown profile `{0}`")]
    Unknown(String),
    /// Its file cannot be read.
    #[error("profile `{profile}`: {reason}")]
    Form {
        /// Its name.
        profile: String,
        /// What is wrong.
        reason: String,
    },
    /// A value names a source that the file does not list.
    #[error("profile `{profile}`: `{key}` names the source `{source_name}`, which is not in [sources]")]
    NoSource {
        /// Its name.
        profile: String,
        /// The value.
        key: String,
        /// The source.
        source_name: String,
    },
    /// A source that no value names.
    #[error("profile `{profile}`: no value names the source `{source_name}`")]
    UnusedSource {
        /// Its name.
        profile: String,
        /// The source.
        source_name: String,
    },
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;
    use serde_json::json;

    use super::*;

    const HEAD: &str = "product = 'P'\nversion = '1'\n";

    #[test]
    fn a_profile_amounts_to_settings_quirks_and_overlays() {
        let text = format!(
            "{HEAD}[sources]\ndocs = 'https://docs.example/'\n[facts]\n\
             issuer = {{ value = '/r/{{name}}/', source = 'docs' }}\n\
             paths.token = {{ value = '/t/{{client_id}}', source = 'docs' }}\n\
             quirks.missing-state = {{ value = true, source = 'docs' }}\n\
             overlay.userinfo.set.x = {{ value = 1, source = 'unconfirmed' }}\n"
        );
        let profile = Profile::parse("p", &text).unwrap();
        assert_eq!(profile.issuer_path("a", "c"), "/r/a/");
        assert_eq!(Value::Object(profile.settings("a", "c")), json!({"paths": {"token": "/t/c"}}));
        assert_eq!(Value::Object(profile.quirks()), json!({"missing-state": true}));
        assert_eq!(Value::Object(profile.overlay()), json!({"userinfo": {"set": {"x": 1}}}));
    }

    #[rstest]
    #[case("[sources]\n[facts]\n", None)]
    #[case("[sources]\n[facts]\nx.value = 1\nx.source = 'unconfirmed'\n", Some("unknown field `x`"))]
    #[case("[sources]\n[facts]\npkce.value = 'no'\npkce.source = 'unconfirmed'\n", Some("unknown variant `no`"))]
    #[case("[sources]\n[facts]\npkce.value = 'required'\npkce.source = 'docs'\n", Some("names the source `docs`"))]
    #[case("[sources]\ndocs = 'd'\n[facts]\n", Some("no value names the source `docs`"))]
    #[case("[sources]\n[facts]\n[[unlike]]\nwhat = 'w'\nsource = 'docs'\n", Some("names the source `docs`"))]
    #[case(
        "[sources]\n[facts]\nquirks.nope.value = true\nquirks.nope.source = 'unconfirmed'\n",
        Some("unknown quirk `nope`")
    )]
    #[case("[sources]\n[facts]\nissuer.value = 'x'\nissuer.source = 'unconfirmed'\n", Some("`issuer` must be a path"))]
    #[case("[sourcse]\n", Some("unknown field `sourcse`"))]
    fn mistakes_are_reported(#[case] rest: &str, #[case] problem: Option<&str>) {
        let told = Profile::parse("p", &format!("{HEAD}{rest}")).err().map(|error| error.to_string());
        match (told, problem) {
            (told, None) => assert_eq!(told, None),
            (told, Some(problem)) => assert!(told.as_ref().is_some_and(|told| told.contains(problem)), "{told:?}"),
        }
    }
}
