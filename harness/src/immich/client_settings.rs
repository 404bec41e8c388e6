//! The client of a provider in the settings: what a play writes there, and what
//! is read there.

use indexmap::IndexMap;
use serde_json::{Value, json};
use url::Url;

use super::member::member;
use super::settings_document::Sections;
use super::{TargetError, WantedSettings};
use crate::user_agent::path_at;

/// The section that holds it.
const SECTION: &str = "oauth";

/// How people call the setting that names the issuer.
pub(crate) const ISSUER_SETTING: &str = "oauth.issuerUrl";

/// A client and its issuer, as in a server's settings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientSettings<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) client_secret: &'a str,
}

impl ClientSettings<'_> {
    /// The settings by which people sign in with this client, and `wanted` on
    /// top.
    pub(crate) fn with(self, wanted: &WantedSettings) -> Sections {
        let mut keys = IndexMap::from([
            ("enabled".to_owned(), json!(true)),
            ("issuerUrl".to_owned(), json!(self.issuer)),
            ("clientId".to_owned(), json!(self.client_id)),
            ("clientSecret".to_owned(), json!(self.client_secret)),
        ]);
        if self.issuer.starts_with("http:") {
            keys.insert("allowInsecureRequests".to_owned(), json!(true));
        }
        let mut sections = Sections::from([(SECTION.to_owned(), keys)]);
        wanted.lay_over(&mut sections);
        sections
    }
}

/// The client, as settings that stay know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StandingClient {
    /// The path of the issuer at the provider.
    pub(crate) path: String,
    /// The client's id.
    pub(crate) client_id: String,
    /// Its secret; empty for a public client.
    pub(crate) client_secret: String,
}

impl StandingClient {
    /// What these settings say, if their issuer can be one of the provider at
    /// `origin`; otherwise why not.
    pub(crate) fn of(settings: &Sections, origin: &Url) -> Result<Self, String> {
        let text = |name: &str| {
            let value = of(settings, name).and_then(Value::as_str);
            value.ok_or_else(|| format!("`{SECTION}.{name}` is missing or not text"))
        };
        match of(settings, "enabled").and_then(Value::as_bool) {
            Some(true) => {}
            Some(false) => return Err("`oauth.enabled` is off".to_owned()),
            None => return Err("`oauth.enabled` is neither on nor off".to_owned()),
        }
        let issuer = text("issuerUrl")?;
        let origin = origin.as_str().trim_end_matches('/');
        let Some(path) = path_at(origin, issuer) else {
            return Err(format!(
                "`{ISSUER_SETTING}` is {issuer}, which is not an address of the harness's provider at {origin}"
            ));
        };
        let path = path.strip_suffix("/.well-known/openid-configuration").unwrap_or(path);
        Ok(Self {
            path: if path == "/" { String::new() } else { path.to_owned() },
            client_id: text("clientId")?.to_owned(),
            client_secret: text("clientSecret")?.to_owned(),
        })
    }
}

/// One of the client's settings.
fn of<'a>(settings: &'a Sections, name: &str) -> Option<&'a Value> {
    settings.get(SECTION)?.get(name)
}

/// The issuer that settings name.
pub(crate) fn issuer_of(settings: &Sections) -> Option<&str> {
    of(settings, "issuerUrl")?.as_str()
}

/// Whether a scenario chooses how the settings name the issuer.
pub(crate) fn names_issuer(wanted: &WantedSettings) -> bool {
    wanted.get(SECTION, "issuerUrl").is_some()
}

/// The client's id that settings name.
pub(crate) fn client_id_of(settings: &Sections) -> Option<&str> {
    of(settings, "clientId")?.as_str()
}

/// The client's secret in a settings document.
pub(crate) fn client_secret_of(document: &Value) -> Option<&Value> {
    document.get(SECTION)?.get("clientSecret")
}

/// The issuer in a settings document, if people sign in with it.
pub(crate) fn issuer_in_use(document: &Value) -> Result<Option<&str>, TargetError> {
    let keys = &document[SECTION];
    let issuer = member(keys, "OAuth settings", "issuerUrl", Value::as_str)?;
    let enabled = member(keys, "OAuth settings", "enabled", Value::as_bool)?;
    Ok((enabled && !issuer.is_empty()).then_some(issuer))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case("http://idp.test:9000/photos", Some("/photos"))]
    #[case("http://idp.test:9000/photos/", Some("/photos/"))]
    #[case("http://idp.test:9000/photos/.well-known/openid-configuration", Some("/photos"))]
    #[case("http://idp.test:9000/", Some(""))]
    #[case("http://idp.test:9000", Some(""))]
    #[case("http://idp.test:90001/photos", None)]
    #[case("https://accounts.example.org", None)]
    fn the_path_of_the_issuer_is_taken_over(#[case] issuer: &str, #[case] path: Option<&str>) {
        let settings = json!({"enabled": true, "issuerUrl": issuer, "clientId": "c", "clientSecret": "s"});
        let settings = Sections::from([(SECTION.to_owned(), serde_json::from_value(settings).unwrap())]);
        let origin = Url::parse("http://idp.test:9000").unwrap();
        assert_eq!(StandingClient::of(&settings, &origin).ok().map(|standing| standing.path).as_deref(), path);
    }

    #[rstest]
    #[case(json!({"enabled": false}), "`oauth.enabled` is off")]
    #[case(json!({}), "`oauth.enabled` is neither on nor off")]
    #[case(json!({"enabled": true}), "`oauth.issuerUrl` is missing or not text")]
    #[case(json!({"enabled": true, "issuerUrl": "http://idp.test:9000", "clientId": 7}), "`oauth.clientId` is missing \
                                                                                          or not text")]
    fn settings_must_say_all_that_the_provider_takes_over(#[case] settings: Value, #[case] problem: &str) {
        let settings = Sections::from([(SECTION.to_owned(), serde_json::from_value(settings).unwrap())]);
        let origin = Url::parse("http://idp.test:9000").unwrap();
        assert_eq!(StandingClient::of(&settings, &origin), Err(problem.to_owned()));
    }
}
