//! Plays one resolved scenario: sets the stage, and clears it afterwards.
//! [`super::performance`] performs the steps.

use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use mock_idp::{Client, EndUser, Issuer, Provider, Registration};
use rand::rngs::StdRng;
use rand::{RngExt, distr::Alphanumeric};
use serde_json::{Map, Value};

use super::event::Events;
use super::issuer_path::IssuerPath;
use super::performance::{Played, perform};
use crate::expect::steady_text;
use crate::guard::{Applied, Session};
use crate::http_client::BrowserClients;
use crate::immich::{Access, ClientSettings, RedirectUri, Sections, StandingClient};
use crate::placeholder::Placeholders;
use crate::redaction::SecretKind;
use crate::report::CaseReport;
use crate::scenario::{Play, Shape};
use crate::stage::{StepError, World, WorldParts};
use crate::user_agent::{other_origin, path_at};

/// What a scenario is played on.
pub(super) struct Fixture {
    pub(super) provider: Arc<Provider>,
    /// With what browsers go there, and to the target.
    pub(super) browser_clients: BrowserClients,
    /// What marks everything of this run.
    pub(super) mark: String,
    /// What marks the identities of this play.
    pub(super) run: String,
    /// The client secret of plays whose settings are alike.
    pub(super) standing_secret: String,
    pub(super) random: StdRng,
    pub(super) events: Events,
}

impl Fixture {
    pub(super) async fn play(
        mut self,
        session: Session,
        play: &Play,
        report: &CaseReport,
    ) -> (Session, Result<Played, StepError>) {
        let prepared = self.prepare(&session, play);
        let (issuer, shape, end_users, placeholders) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => return (session, Err(error)),
        };
        let settings = settings(&session, &shape, &issuer, &placeholders);
        let mut world = World::new(WorldParts {
            session,
            provider: Arc::clone(&self.provider),
            browser_clients: self.browser_clients.clone(),
            issuer: issuer.clone(),
            end_users,
            settings: settings.clone(),
            placeholders,
            random: self.random,
            patience: shape.patience.map(|seconds| Duration::from_secs(seconds.get().into())),
        });
        let moved = self.provider.clock().offset();
        let played = async {
            if let Applied::Refused(message) = world.session.apply(&settings).await? {
                let steady = steady_text(&message, &world.placeholders);
                return Err(StepError::SettingsRefused { message, steady });
            }
            perform(&mut world, &shape, play, report, &self.events).await
        };
        let played = played.await;
        self.provider.clock().set_offset(moved);
        self.provider.close(&issuer);
        let (mut session, tokens) = world.into_session();
        session.end_sessions(tokens).await;
        session.tidy(&self.run);
        (session, played)
    }

    pub(super) fn prepare(
        &mut self,
        session: &Session,
        play: &Play,
    ) -> Result<(Issuer, Shape, IndexMap<String, EndUser>, Placeholders), StepError> {
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
        }
        if let Some(origin) = self.provider.ipv6_origin() {
            placeholders.set("ipv6_origin", origin.as_str().trim_end_matches('/'));
        }
        placeholders.set("target", &target);
        placeholders.set("run", &self.run);
        placeholders.set("client_id", &client_id);
        // The same for plays that share a path, so that settings are equal.
        let place = IssuerPath::of(&play.shape);
        let name = place.name(&self.mark, &self.run);
        let own = play.shape.provider.client_secret.as_deref().map(|secret| placeholders.fill_text(secret));
        let secret = match (&standing, own) {
            (Some(standing), _) => standing.client_secret.clone(),
            (None, Some(own)) => own,
            (None, None) if place != IssuerPath::Own => self.standing_secret.clone(),
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
        let issuer = self.provider.open(registration).map_err(|error| scenario(error.to_string()))?;
        Ok((issuer, shape, end_users, placeholders))
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

/// The server's settings: OAuth on with the issuer, and those of the scenario
/// on top.
pub(super) fn settings(session: &Session, shape: &Shape, issuer: &Issuer, placeholders: &Placeholders) -> Sections {
    let (client_id, client_secret) = (placeholders.fill_text("{client_id}"), placeholders.fill_text("{client_secret}"));
    let client = ClientSettings { issuer: issuer.url(), client_id: &client_id, client_secret: &client_secret };
    session.target.dialect().with_addresses(client.with(&shape.server), &issuer.metadata())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::diagnostic::Source;
    use crate::reference::NEWEST;
    use crate::report::{Fault, Outcome};
    use crate::runner::{Worker, WorkerOptions};
    use crate::scenario::Scenario;

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

    async fn worker() -> Worker {
        let client = crate::http_client::of_the_system(b"").unwrap();
        let options = WorkerOptions {
            idp_listen: ([127, 0, 0, 1], 0).into(),
            idp_url: None,
            authority: None,
            seed: 1,
            browser_client: client.clone(),
            client,
            with_pages: false,
        };
        Worker::with_reference(options, &NEWEST, &[]).await.unwrap()
    }

    fn scenario(body: &str) -> Scenario {
        let text = format!(
            "format = 1\ntitle = \"t\"\nproblem = \"Fails\"\nseverity = \"low\"\n\
             requirement = [\"OIDC Core §2\"]\nwhy = \"w\"\n[users.alice]\n{body}"
        );
        let Ok(scenario) = Scenario::parse("s", Source { path: "s.toml".into(), text }) else {
            unreachable!("the file is right")
        };
        scenario
    }

    /// Otherwise whatever comes later would come from the future.
    #[tokio::test]
    async fn time_that_passes_in_a_play_passes_there_only() {
        let scenario = scenario("[[steps]]\nadvance-clock.seconds = 3600\n[[steps]]\nsign-in.as = \"alice\"\n");
        let mut worker = worker().await;
        let before = worker.provider().clock().now();
        let report = worker.test(&scenario, &scenario.cases[0], None).await;
        assert_eq!(report.result.outcome, Outcome::Passed, "{report:?}");
        assert!(worker.provider().clock().now() < before + 3600);
    }

    /// What the journal dropped may be what the test is about.
    #[tokio::test]
    async fn a_gap_in_the_journal_is_an_error_of_the_run() {
        let huge = "quirks.discovery-huge = 5000\nsign-in.as = \"alice\"\nexpect.outcome = { level = \"may\", is = \"signed-in\" }\n";
        let steps = |count| scenario(&format!("[[steps]]\n{huge}").repeat(count));
        let mut worker = worker().await;
        let (one, several) = (steps(1), steps(5));
        let alone = worker.test(&one, &one.cases[0], None).await.result;
        let result = worker.test(&several, &several.cases[0], None).await.result;
        assert_ne!(alone.outcome, Outcome::Error, "{alone:?}");
        assert_eq!((result.outcome, result.fault), (Outcome::Error, Some(Fault::Harness)));
        assert!(result.reason.as_ref().is_some_and(|reason| reason.contains("dropped")), "{result:?}");
    }

    /// The first step alone is a finding; the second one breaks a requirement.
    #[tokio::test]
    async fn a_should_hides_no_must_that_follows() {
        let steps = |second: &str| {
            let expect = "expect.account.name = { is = \"x\", level = \"should\" }\n";
            let text =
                format!("[[steps]]\nsign-in.as = \"alice\"\n{expect}[[steps]]\nsign-in.as = \"alice\"\n{second}");
            scenario(&text)
        };
        let mut worker = worker().await;
        let mut outcomes = Vec::new();
        for scenario in [steps(""), steps("expect.account.name = \"y\"\n")] {
            outcomes.push(worker.test(&scenario, &scenario.cases[0], None).await.result.outcome);
        }
        assert_eq!(outcomes, [Outcome::Finding, Outcome::Failed]);
    }

    #[tokio::test]
    async fn a_control_proves_nothing_for_a_case_that_has_another() {
        let scenario = scenario(
            "[cases.a]\n[cases.b]\n[cases.c.server.oauth]\nautoRegister = false\n[[steps]]\n\
             quirks.wrong-issuer = true\nsign-in.as = \"alice\"\nexpect.outcome = \"refused\"\n",
        );
        let mut worker = worker().await;
        let mut outcomes = Vec::new();
        for case in &scenario.cases {
            outcomes.push(worker.test(&scenario, case, None).await.result.outcome);
        }
        assert_eq!(outcomes, [Outcome::Passed, Outcome::Passed, Outcome::Blocked]);
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
