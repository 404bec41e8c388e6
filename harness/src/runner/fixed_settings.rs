//! Which tests fit a target whose settings stay as they are, and which one
//! that nobody administers. Pure.

use indexmap::IndexMap;
use serde_json::Value;
use url::Url;

use super::own_secret::gives_away;
use crate::guard::Session;
use crate::immich::Access;
use crate::placeholder::Placeholders;
use crate::scenario::{Case, Play, Shape};
use crate::step::StepShape;
use crate::user_agent::path_at;

/// What the provider takes over from settings that stay.
const TAKEN_OVER: &[&str] = &["enabled", "issuerUrl", "clientId", "clientSecret", "allowInsecureRequests"];

/// What only people see, so that it may be anything where a scenario is not
/// about it.
const FOR_THE_EYE: &[&str] = &["buttonText", "autoLaunch", "accountManagementUrl"];

/// What can be expected without an administrator's key and a provider.
const IN_THE_OPEN: &[&str] = &["outcome", "response", "redirect", "cookies"];

/// The client, as settings that stay know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StandingClient {
    /// The path of the issuer at the provider.
    pub(super) path: String,
    /// The client's id.
    pub(super) client_id: String,
    /// Its secret; empty for a public client.
    pub(super) client_secret: String,
}

impl StandingClient {
    /// What these settings say, if their issuer can be one of the provider at
    /// `origin`; otherwise why not.
    pub(super) fn of(settings: &IndexMap<String, Value>, origin: &Url) -> Result<Self, String> {
        let text = |name: &str| {
            let value = settings.get(name).and_then(Value::as_str);
            value.ok_or_else(|| format!("`oauth.{name}` is no text, or not there"))
        };
        match settings.get("enabled").and_then(Value::as_bool) {
            Some(true) => {}
            Some(false) => return Err("`oauth.enabled` is off".to_owned()),
            None => return Err("`oauth.enabled` is neither on nor off".to_owned()),
        }
        let issuer = text("issuerUrl")?;
        let origin = origin.as_str().trim_end_matches('/');
        let Some(path) = path_at(origin, issuer) else {
            return Err(format!("`oauth.issuerUrl` is {issuer}, which is not at the provider, {origin}"));
        };
        let path = path.strip_suffix("/.well-known/openid-configuration").unwrap_or(path);
        Ok(Self {
            path: if path == "/" { String::new() } else { path.to_owned() },
            client_id: text("clientId")?.to_owned(),
            client_secret: text("clientSecret")?.to_owned(),
        })
    }
}

/// Why a test is not played at a target with which one may not do as one
/// likes; nothing if it can be.
pub(super) fn misfit(session: &Session, case: &Case) -> Option<String> {
    case.control.iter().chain([&case.play]).find_map(|play| misfit_of(session, play))
}

/// The same of one play.
pub(super) fn misfit_of(session: &Session, play: &Play) -> Option<String> {
    match session.access() {
        Access::Api | Access::File(_) => None,
        Access::Fixed => gives_away(play).or_else(|| needs_other_settings(session, &play.shape)),
        Access::ReadOnly => needs_administrator(play),
    }
}

fn needs_other_settings(session: &Session, shape: &Shape) -> Option<String> {
    let own_client = shape.provider.client_secret.is_some() || !matches!(shape.provider.profile(), Ok(None));
    if own_client || shape.provider.issuer.is_some() || shape.provider.tls != mock_idp::Tls::None {
        return Some("the settings stay as they are, and it needs another `oauth.issuerUrl`".to_owned());
    }
    // Of a document's address, nobody can tell how its issuer ends.
    let issuer = session.originals().get("oauth").and_then(|oauth| oauth.get("issuerUrl")).and_then(Value::as_str);
    let about_issuers = |one: &String| one.contains("issuerUrl") || one.starts_with("OIDC Discovery §4");
    if issuer.is_some_and(|issuer| issuer.contains("/.well-known/")) && shape.requirement.iter().any(about_issuers) {
        return Some(
            "the settings stay as they are, and it needs an issuer as `oauth.issuerUrl`, no document".to_owned(),
        );
    }
    let changed = shape.steps.iter().flat_map(StepShape::changed_settings);
    if let Some((section, key, _)) = changed.into_iter().next() {
        return Some(format!("the settings stay as they are, and one of its steps changes `{section}.{key}`"));
    }
    let mut placeholders = Placeholders::default();
    placeholders.set("target", session.target.origin());
    for (name, wanted) in [("oauth", &shape.server.oauth), ("passwordLogin", &shape.server.password_login)] {
        for (key, found) in session.originals().get(name).into_iter().flatten() {
            let default = session.capabilities.defaults.get(name).and_then(|section| section.get(key));
            let in_its_way = match (wanted.get(key), default) {
                (Some(wanted), _) => placeholders.fill(wanted) != *found,
                (None, Some(default)) => {
                    let about = || shape.requirement.iter().any(|one| one.ends_with(&format!("oauth.{key}")));
                    let taken_over = TAKEN_OVER.contains(&key.as_str());
                    let unseen = FOR_THE_EYE.contains(&key.as_str()) && !about();
                    !(name == "oauth" && (taken_over || unseen)) && default != found
                }
                (None, None) => false,
            };
            if in_its_way {
                return Some(format!(
                    "the settings stay as they are, and it needs `{name}.{key}` {}",
                    wanted.get(key).or(default).map(ToString::to_string).unwrap_or_default()
                ));
            }
        }
    }
    None
}

fn needs_administrator(play: &Play) -> Option<String> {
    let shape = &play.shape;
    if let Some((section, key, _)) = shape.server.named().next() {
        return Some(format!("nothing may be changed, and it needs `{section}.{key}`"));
    }
    if let Some(action) = shape.steps.iter().filter_map(StepShape::action).find(|action| !action.only_looks()) {
        let name = action.name();
        return Some(format!("nothing may be changed, and its step `{name}` needs an account or settings"));
    }
    let sections = play.expected.iter().flatten().filter_map(|expected| expected.path.first());
    let hidden = sections.into_iter().find(|section| !IN_THE_OPEN.contains(&section.as_str()));
    hidden.map(|section| format!("nobody is asked as an administrator, and it expects `{section}`"))
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
        let settings: IndexMap<String, Value> = serde_json::from_value(settings).unwrap();
        let origin = Url::parse("http://idp.test:9000").unwrap();
        assert_eq!(StandingClient::of(&settings, &origin).ok().map(|standing| standing.path).as_deref(), path);
    }

    #[rstest]
    #[case(json!({"enabled": false}), "`oauth.enabled` is off")]
    #[case(json!({}), "`oauth.enabled` is neither on nor off")]
    #[case(json!({"enabled": true}), "`oauth.issuerUrl` is no text, or not there")]
    #[case(json!({"enabled": true, "issuerUrl": "http://idp.test:9000", "clientId": 7}), "`oauth.clientId` is no text, or not there")]
    fn settings_must_say_all_that_the_provider_takes_over(#[case] settings: Value, #[case] problem: &str) {
        let settings: IndexMap<String, Value> = serde_json::from_value(settings).unwrap();
        let origin = Url::parse("http://idp.test:9000").unwrap();
        assert_eq!(StandingClient::of(&settings, &origin), Err(problem.to_owned()));
    }
}
