//! Prepares a play: opens its issuers, and fills in its placeholders.
//! [`super::play`] plays it.

use indexmap::IndexMap;
use mock_idp::{Client, Deviations, EndUser, Issuer, ProviderSettings, Registration};
use rand::{RngExt, distr::Alphanumeric};
use serde_json::{Map, Value};

use super::fixture::Fixture;
use super::issuer_path::IssuerPath;
use super::settings_group::SettingsGroup;
use crate::guard::Session;
use crate::immich::{Access, ClientSettings, RedirectUri, Sections, StandingClient};
use crate::placeholder::Placeholders;
use crate::redaction::SecretKind;
use crate::scenario::{Play, Shape};
use crate::stage::StepError;
use crate::user_agent::{other_origin, path_at};

/// What a play needs before its first step.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The issuer, open.
    pub(super) issuer: Issuer,
    /// Whether no issuer of another turn has one of its paths.
    pub(super) has_own_paths: bool,
    /// That of the second provider, if the scenario has one.
    pub(super) other_issuer: Option<Issuer>,
    /// The scenario, placeholders filled in.
    pub(super) shape: Shape,
    /// End-users by the scenario's names.
    pub(super) end_users: IndexMap<String, EndUser>,
    /// What placeholders stand for.
    pub(super) placeholders: Placeholders,
}

impl Prepared {
    /// Returns the server's settings: OAuth on with the issuer, and those of the
    /// scenario on top.
    pub(super) fn settings(&self, session: &Session) -> Sections {
        let fill = |text: &str| self.placeholders.fill_text(text);
        let (client_id, client_secret) = (fill("{client_id}"), fill("{client_secret}"));
        let client = ClientSettings { issuer: self.issuer.url(), client_id: &client_id, client_secret: &client_secret };
        session.target.dialect().with_addresses(client.with(&self.shape.server), &self.issuer.metadata())
    }
}

impl Fixture {
    /// Opens the issuers of a play, and fills in its placeholders.
    pub(super) fn prepare(&mut self, session: &Session, play: &Play) -> Result<Prepared, StepError> {
        let scenario = |problem: String| StepError::Scenario(problem);
        session.target.secrets().begin_play();
        let tls = play.shape.provider.tls;
        let origin = self.provider.origin_over(tls).map_err(|error| scenario(error.to_string()))?;
        let other = other_origin(&origin);
        // Where settings stay, the provider is what they say.
        let standing = match session.access() {
            Access::Fixed => Some(StandingClient::of(session.originals(), &origin).map_err(scenario)?),
            _ => None,
        };
        let origin = origin.as_str().trim_end_matches('/').to_owned();
        let target = session.target.origin().to_owned();
        // The same for all plays, so that settings are equal; the mark, so that
        // settings that a killed run left are known as a run's.
        let client_id = standing.as_ref().map_or_else(|| self.mark.clone(), |standing| standing.client_id.clone());
        let secret: String = (0..32).map(|_| char::from(self.random.sample(Alphanumeric))).collect();
        let mut placeholders = Placeholders::default();
        placeholders.set("origin", &origin);
        if let Some(other) = other {
            placeholders.set("other_origin", other.as_str().trim_end_matches('/'));
            placeholders.set("https_origin", origin.replacen("http:", "https:", 1));
        }
        if let Some(origin) = self.provider.ipv6_origin() {
            placeholders.set("ipv6_origin", origin.as_str().trim_end_matches('/'));
        }
        placeholders.set("target", &target);
        placeholders.set("run", &self.run);
        placeholders.set("client_id", &client_id);
        // The same for plays that share a path, so that settings are equal.
        let group = SettingsGroup::of(play);
        let place = group.path();
        let name = place.name(&self.mark, &self.run);
        let own = play.shape.provider.client_secret.as_deref().map(|secret| placeholders.fill_text(secret));
        let secret = match (&standing, own) {
            (Some(standing), _) => standing.client_secret.clone(),
            (None, Some(own)) => own,
            (None, None) if *place != IssuerPath::Own => self.standing_secret.clone(),
            (None, None) => secret,
        };
        session.target.secrets().add(SecretKind::ClientSecret, &secret);
        placeholders.set("client_secret", &secret);
        let profile = play.shape.provider.profile().map_err(|error| scenario(error.to_string()))?;
        let path = match &play.shape.provider.issuer {
            Some(issuer) => {
                let issuer = placeholders.fill_text(issuer);
                let rest = path_at(&origin, &issuer).ok_or_else(|| {
                    scenario(format!("the issuer {issuer} is not below the provider's origin {origin}"))
                })?;
                if rest == "/" { String::new() } else { rest.to_owned() }
            }
            None => match (&standing, profile) {
                (Some(standing), _) => standing.path.clone(),
                (None, Some(profile)) => profile.issuer_path(&name, &client_id),
                (None, None) => format!("/{name}"),
            },
        };
        placeholders.set("issuer", format!("{origin}{path}"));
        let other_path = format!("/{}-other", self.run);
        if play.shape.other_provider.is_some() {
            placeholders.set("other_issuer", format!("{origin}{other_path}"));
        }
        let end_users = end_users(&play.shape, &self.run, &mut placeholders);
        let mut shape = play.shape.clone();
        placeholders.fill_in(&mut shape);
        let settings = shape.provider.settings_over(profile, &name, &client_id);
        let deviations = shape.provider.deviations_over(profile);
        let usual = || RedirectUri::ALL.map(|uri| uri.at(&target)).to_vec();
        // A server without a secret is a public client, and registered as one.
        let public = secret.is_empty() || shape.is_of_a_public_client();
        let registration = Registration {
            path,
            tls,
            client: Client {
                id: client_id,
                secret: (!public).then_some(secret),
                redirect_uris: shape.provider.redirect_uris.clone().unwrap_or_else(usual),
                keys: Vec::new(),
            },
            settings: settings.map_err(|error| scenario(error.to_string()))?,
            deviations: deviations.map_err(|error| scenario(error.to_string()))?,
            end_users: end_users.clone(),
        };
        let other = match &shape.other_provider {
            Some(own) => {
                let settings = ProviderSettings::default().with(own).map_err(|error| scenario(error.to_string()))?;
                let deviations = Deviations::default();
                Some(Registration { path: other_path, settings, deviations, ..registration.clone() })
            }
            None => None,
        };
        let open = |registration| self.provider.open(registration).map_err(|error| scenario(error.to_string()));
        let issuer = if session.is_beside() && *place != IssuerPath::Own {
            let guest = self.provider.receive(registration, &self.run);
            self.guest.insert(guest.map_err(|error| scenario(error.to_string()))?).issuer().clone()
        } else {
            open(registration)?
        };
        let other_issuer = other.map(open).transpose()?;
        let has_own_paths = issuer.paths().iter().all(|path| path.contains(&name));
        Ok(Prepared { issuer, has_own_paths, other_issuer, shape, end_users, placeholders })
    }
}

fn end_users(shape: &Shape, run: &str, placeholders: &mut Placeholders) -> IndexMap<String, EndUser> {
    let mut users = IndexMap::new();
    for (name, own) in &shape.users {
        let mut claims: Map<String, Value> = Map::new();
        claims.insert("sub".into(), format!("{name}-{run}").into());
        claims.insert("email".into(), format!("{name}-{run}@harness.test").into());
        claims.insert("email_verified".into(), true.into());
        claims.insert("name".into(), format!("{name} of {run}").into());
        claims.insert("preferred_username".into(), format!("{name}-{run}").into());
        let filled = placeholders.fill(&Value::Object(own.clone()));
        claims.extend(filled.as_object().cloned().unwrap_or_default());
        // TOML has no null.
        let (omitted, nulls) = (named(&mut claims, "omit"), named(&mut claims, "null"));
        for claim in &omitted {
            claims.shift_remove(claim);
        }
        for (claim, value) in &claims {
            let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            placeholders.set(format!("user.{name}.{claim}"), text);
        }
        claims.extend(nulls.into_iter().map(|claim| (claim, Value::Null)));
        let sub = claims.shift_remove("sub").and_then(|sub| sub.as_str().map(ToOwned::to_owned)).unwrap_or_default();
        users.insert(name.clone(), EndUser { sub, claims });
    }
    users
}

/// Takes a list of claims' names out of what is said of an end-user.
fn named(claims: &mut Map<String, Value>, key: &str) -> Vec<String> {
    let list = claims.shift_remove(key);
    let names = list.as_ref().and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    names.map(ToOwned::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A scenario with these end-users.
    fn with(users: Value) -> Shape {
        let mut document = json!({"format": 1, "title": "t", "problem": "Fails", "severity": "low", "requirement": []});
        document["users"] = users;
        let Ok(shape) = serde_json::from_value(document) else { unreachable!("the document is right") };
        shape
    }

    #[test]
    fn every_end_user_has_the_usual_claims() {
        let shape = with(json!({"alice": {}}));
        let mut placeholders = Placeholders::default();
        let users = end_users(&shape, "r-1", &mut placeholders);
        let claims: Vec<&str> =
            std::iter::once("sub").chain(users["alice"].claims.keys().map(String::as_str)).collect();
        assert_eq!(claims, crate::scenario::USUAL_CLAIMS);
        for claim in claims {
            let name = format!("{{user.alice.{claim}}}");
            assert_ne!(placeholders.fill_text(&name), name);
        }
    }

    #[test]
    fn end_users_are_unique_to_the_run_and_can_lack_claims() {
        let users = json!({"alice": {"omit": ["email"], "null": ["name"], "quota": 1}});
        let shape = with(users);
        let mut placeholders = Placeholders::default();
        let users = end_users(&shape, "r-1", &mut placeholders);
        assert_eq!(users["alice"].sub, "alice-r-1");
        assert!(!users["alice"].claims.contains_key("email"));
        assert_eq!(users["alice"].claims["name"], Value::Null);
        assert_eq!(placeholders.fill_text("{user.alice.quota}"), "1");
    }
}
