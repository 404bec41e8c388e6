//! Plays one resolved scenario: sets the stage, does the steps, holds what
//! was expected against what is seen.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use mock_idp::{Client, EndUser, Entry, Issuer, Mark, Provider, Registration};
use rand::rngs::StdRng;
use rand::{RngExt, distr::Alphanumeric};
use serde_json::{Map, Value};

use super::fit::Standing;
use super::transcript::{Places, Wire};
use crate::diagnostic::Diagnostic;
use crate::expect::{Before, Check, Expected, SUCCESSES, Scene, gather};
use crate::report::{CaseReport, ExchangeReport, StepReport};
use crate::scenario::placeholder::Placeholders;
use crate::scenario::{Level, Play, Shape, provider as provider_of};
use crate::step::{Action, Kind, Observation, Sent, Setting, StepError, StepShape, World};
use crate::target::{Access, Applied, Sections, Session, StepFault};
use crate::user_agent::other_origin;

/// What a scenario is played on.
pub(super) struct Stage {
    pub(super) provider: Arc<Provider>,
    /// With what browsers go there.
    pub(super) provider_client: reqwest::Client,
    /// What marks everything of this run.
    pub(super) mark: String,
    /// What marks the identities of this play.
    pub(super) run: String,
    /// The client secret of plays whose settings are alike.
    pub(super) standing_secret: String,
    pub(super) random: StdRng,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Played {
    pub(super) steps: Vec<StepReport>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// All deviations, if none of them ever changed a message.
    pub(super) idle: Vec<String>,
}

impl Stage {
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
        let settings = settings(&shape, &issuer, &placeholders);
        let mut world = World::new(Setting {
            session,
            provider: Arc::clone(&self.provider),
            provider_client: self.provider_client.clone(),
            issuer: issuer.clone(),
            end_users,
            settings: settings.clone(),
            placeholders,
            random: self.random,
            patience: shape.patience.map(|seconds| Duration::from_secs(seconds.get().into())),
        });
        let played = async {
            if let Applied::Refused(message) = world.session.apply(&settings).await.map_err(StepFault::from)? {
                return Err(StepError::SettingsRefused(message));
            }
            perform(&mut world, &shape, play, report).await
        };
        let played = played.await;
        self.provider.close(&issuer);
        let mut session = world.into_session();
        session.tidy(&self.run);
        (session, played)
    }

    pub(super) fn prepare(
        &mut self,
        session: &Session,
        play: &Play,
    ) -> Result<(Issuer, Shape, IndexMap<String, EndUser>, Placeholders), StepError> {
        let scenario = |problem: String| StepError::Scenario(problem);
        let tls = play.shape.provider.tls;
        let origin = self.provider.origin_over(tls).map_err(|error| scenario(error.to_string()))?;
        let other = other_origin(&origin);
        // Where settings stay, the provider is what they say.
        let standing = match (session.access(), session.originals().get("oauth")) {
            (Access::Fixed, Some(oauth)) => Some(Standing::of(oauth, &origin).map_err(scenario)?),
            _ => None,
        };
        let origin = origin.as_str().trim_end_matches('/').to_owned();
        let target = session.target.origin().to_owned();
        // The same for all plays, so that settings are equal; with the mark, so
        // that settings that a killed run left are known as its own.
        let client_id = format!("oidc-harness-{}", self.mark);
        let client_id = standing.as_ref().map_or(client_id, |standing| standing.client_id.clone());
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
        let shares = !needs_own_path(&play.shape);
        let own = play.shape.provider.client_secret.as_deref().map(|secret| placeholders.fill_text(secret));
        let secret = match (&standing, own) {
            (Some(standing), _) => standing.client_secret.clone(),
            (None, Some(own)) => own,
            (None, None) if shares => self.standing_secret.clone(),
            (None, None) => secret,
        };
        placeholders.set("client_secret", &secret);
        let profile = play.shape.provider.profile().map_err(|error| scenario(error.to_string()))?;
        let path = match &play.shape.provider.issuer {
            Some(issuer) => {
                let issuer = placeholders.fill_text(issuer);
                let rest = issuer.strip_prefix(&origin).ok_or_else(|| {
                    scenario(format!("the issuer {issuer} is not below the provider's origin {origin}"))
                })?;
                if rest == "/" { String::new() } else { rest.to_owned() }
            }
            None => match (&standing, &profile) {
                (Some(standing), _) => standing.path.clone(),
                (None, Some(profile)) => profile.issuer_path(&self.run, &client_id),
                (None, None) if shares => format!("/{}", self.mark),
                (None, None) => format!("/{}", self.run),
            },
        };
        placeholders.set("issuer", format!("{origin}{path}"));
        let end_users = end_users(&play.shape, &self.run, &mut placeholders);
        let document = placeholders.fill(&play.document);
        let shape: Shape = serde_json::from_value(document).map_err(|error| scenario(error.to_string()))?;
        let settings = shape.provider.settings_over(profile.as_ref(), &self.run, &client_id);
        let deviations = shape.provider.deviations_over(profile.as_ref());
        let usual = || {
            vec![
                format!("{target}/auth/login"),
                format!("{target}/user-settings"),
                "app.immich:///oauth-callback".to_owned(),
                format!("{target}/api/oauth/mobile-redirect"),
            ]
        };
        // A server without a secret is a public client, and registered as one.
        let public = secret.is_empty() || shape.server.oauth.get("clientSecret") == Some(&Value::from(""));
        let registration = Registration {
            path,
            tls,
            client: Client {
                id: client_id,
                secret: (!public).then_some(secret),
                redirect_uris: shape.provider.redirect_uris.clone().unwrap_or_else(usual),
            },
            settings: settings.map_err(|error| scenario(error.to_string()))?,
            deviations: deviations.map_err(|error| scenario(error.to_string()))?,
            end_users: end_users.clone(),
        };
        let issuer = self.provider.open(registration).map_err(|error| scenario(error.to_string()))?;
        Ok((issuer, shape, end_users, placeholders))
    }
}

/// Whether the target must not take anything it remembers of another issuer
/// for this one, or the other way round.
fn needs_own_path(shape: &Shape) -> bool {
    let provider = &shape.provider;
    let odd =
        |step: &StepShape| !step.quirks.is_empty() || !step.overlay.is_empty() || step.provider_change().is_some();
    !provider.quirks.is_empty()
        || !provider.overlay.is_empty()
        || provider.profile.is_some()
        || provider.issuer.is_some()
        || shape.steps.iter().any(odd)
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

/// What the server is told: OAuth on and pointed at the issuer, and what the
/// scenario says on top.
pub(super) fn settings(shape: &Shape, issuer: &Issuer, placeholders: &Placeholders) -> Sections {
    let mut oauth: IndexMap<String, Value> = IndexMap::new();
    oauth.insert("enabled".into(), true.into());
    oauth.insert("issuerUrl".into(), issuer.url().into());
    oauth.insert("clientId".into(), placeholders.fill_text("{client_id}").into());
    oauth.insert("clientSecret".into(), placeholders.fill_text("{client_secret}").into());
    if issuer.url().starts_with("http:") {
        oauth.insert("allowInsecureRequests".into(), true.into());
    }
    oauth.extend(shape.server.oauth.clone());
    let mut sections = Sections::from([("oauth".to_owned(), oauth)]);
    if !shape.server.password_login.is_empty() {
        sections.insert("passwordLogin".to_owned(), shape.server.password_login.clone());
    }
    sections
}

async fn perform(world: &mut World, shape: &Shape, play: &Play, report: &CaseReport) -> Result<Played, StepError> {
    let mut played = Played::default();
    let mut wires = Vec::new();
    let start = world.issuer.journal().mark();
    // Those of a profile are not what the scenario is about.
    let own = provider_of::deviations(&shape.provider.quirks, &shape.provider.overlay);
    let mut declared = own.map_err(|error| StepError::Scenario(error.to_string()))?.names();
    for (index, step) in shape.steps.iter().enumerate() {
        let id = step.id.clone().unwrap_or_else(|| format!("step-{}", index + 1));
        let agent = step.agent.as_deref().unwrap_or("browser");
        let Some(action) = Action::of(step).into_iter().next() else { continue };
        let own = provider_of::deviations(&step.quirks, &step.overlay);
        let own = own.map_err(|error| StepError::Scenario(error.to_string()))?;
        let resting = if own.is_empty() { None } else { Some(world.issuer.deviations()) };
        if let Some(resting) = &resting {
            declared.extend(own.names());
            world.issuer.set_deviations(resting.with(&own));
        }
        let wanted = play.expected.get(index).map_or(&[][..], Vec::as_slice);
        let place = play.places.get(index).cloned().unwrap_or_default();
        let before = Before::note(world, wanted).await;
        world.begin_step(&id);
        let observation = action.perform(world, agent).await?;
        let sent = std::mem::take(&mut world.sent);
        let mut checks = Vec::new();
        let mut found = judge_step(world, &observation, &before, wanted, &id, (shape.level, place), &mut checks).await;
        // Once is enough, and after the last one it is read.
        if let Some(diagnostic) = found.last_mut() {
            explain(diagnostic, &declared, shape, report, &sent);
        }
        // What a target may do or leave is noted; it says nothing about what follows.
        let stop = checks.iter().any(|check| !check.held && check.level != Level::May);
        played.diagnostics.extend(found);
        played.steps.push(StepReport { id, action: action.name().to_owned(), checks, exchanges: Vec::new() });
        wires.push(Wire { sent, deviations: world.issuer.deviations(), since: before.mark });
        if let Some(resting) = resting {
            world.issuer.set_deviations(resting);
        }
        if stop {
            // What follows a failed step would fail for its sake.
            break;
        }
    }
    let entries = world.issuer.journal().entries_since(start);
    if let Some(error) = entries.iter().find_map(|entry| entry.overlay_error.clone()) {
        return Err(StepError::Scenario(error));
    }
    // Where one of several stops the flow, those that come later have no turn.
    let altered = |name: &String| entries.iter().any(|entry| entry.altered_by.contains(name));
    if !declared.iter().any(altered) {
        played.idle = declared;
    }
    tell(&mut played, &wires, &entries, world);
    Ok(played)
}

/// Holds the expectations against the evidence; a step of which nobody says
/// how it must end has to go well.
async fn judge_step(
    world: &mut World,
    observation: &Observation,
    before: &Before,
    wanted: &[Expected],
    id: &str,
    (level, place): (Level, Range<usize>),
    checks: &mut Vec<Check>,
) -> Vec<Diagnostic> {
    let says_how = |one: &Expected| {
        one.path == ["outcome"] || one.path == ["response", "status"] || one.path == ["response", "message"]
    };
    let implicit = !wanted.iter().any(says_how) && observation.kind != Kind::Arrangement;
    let mut sections: Vec<&str> = wanted.iter().filter_map(|one| one.path.first().map(String::as_str)).collect();
    if implicit {
        sections.push("outcome");
    }
    let mut scene = Scene { world, observation, before, expected: wanted, id };
    let evidence = gather(&mut scene, &sections).await;
    let mut found = Vec::new();
    if implicit {
        let outcome = evidence.get("outcome").and_then(Value::as_str).unwrap_or_default();
        let held = SUCCESSES.contains(&outcome);
        if !held {
            let text = format!("step `{id}` did not succeed: {outcome}");
            found.push(Diagnostic::error(text, place));
        }
        checks.push(Check {
            path: "outcome".into(),
            level,
            held,
            expected: (!held).then(|| SUCCESSES.join(" or ")),
            actual: (!held).then(|| outcome.to_owned()),
        });
    }
    for one in wanted {
        let value = scene.world.placeholders.fill(&one.value);
        let mismatch = one.check(&value, &evidence).err();
        let level = one.level.unwrap_or(level);
        if let Some(mismatch) = &mismatch {
            let text = format!("`{}` is {}, expected {}", one.dotted(), mismatch.actual, mismatch.expected);
            found.push(Diagnostic::error(text, one.span.clone()).label(format!("found {}", mismatch.actual)));
        }
        checks.push(Check {
            path: one.dotted(),
            level,
            held: mismatch.is_none(),
            expected: mismatch.as_ref().map(|mismatch| mismatch.expected.clone()),
            actual: mismatch.map(|mismatch| mismatch.actual),
        });
    }
    found
}

/// Adds what one wants to know about a failed expectation.
fn explain(diagnostic: &mut Diagnostic, declared: &[String], shape: &Shape, report: &CaseReport, sent: &[Sent]) {
    for name in declared {
        if let Some(quirk) = mock_idp::quirk(name) {
            diagnostic.notes.push(format!("quirk {name}: {}", quirk.text));
        }
    }
    if let Ok(Some(profile)) = shape.provider.profile() {
        diagnostic.notes.push(format!("profile {}: {}, {}", profile.name, profile.product, profile.version));
    }
    diagnostic.notes.push(format!("requirement: {}", report.requirement.join(", ")));
    for Sent { exchange, .. } in sent {
        let url = exchange.url.split('?').next().unwrap_or_default();
        let answer = match (exchange.status, &exchange.error) {
            (Some(status), _) => status.to_string(),
            (None, error) => error.clone().unwrap_or_default(),
        };
        let body =
            if exchange.status.is_some_and(|status| status >= 400) { exchange.response_body.as_str() } else { "" };
        let body: String = body.chars().take(200).collect();
        diagnostic.notes.push(format!("exchange: {} {url} -> {answer} {body}", exchange.method).trim_end().to_owned());
    }
}

/// Adds what went over the wire; of what passed, only the outline.
fn tell(played: &mut Played, wires: &[Wire], entries: &[Entry], world: &World) {
    let is_met = |check: &Check| check.held || check.level == Level::May;
    let passed = played.idle.is_empty() && played.steps.iter().flat_map(|step| &step.checks).all(is_met);
    let secrets = world.secrets();
    let places = Places { target: world.target_origin(), issuer: world.issuer.url() };
    for (index, (step, wire)) in played.steps.iter_mut().zip(wires).enumerate() {
        let next = wires.get(index + 1).map(|next| next.since);
        let is_of_step = |entry: &&Entry| {
            let mark = Mark::before(entry.sequence);
            mark >= wire.since && next.is_none_or(|next| mark < next)
        };
        let entries: Vec<Entry> = entries.iter().filter(is_of_step).cloned().collect();
        step.exchanges = wire.transcript(&entries, places, &secrets, &step.checks);
        if passed {
            step.exchanges.iter_mut().for_each(ExchangeReport::abridge);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_end_user_has_the_usual_claims() {
        let document = json!({"title": "t", "requirement": [], "users": {"alice": {}}});
        let Ok(shape) = serde_json::from_value::<Shape>(document) else { unreachable!("the document is right") };
        let mut placeholders = Placeholders::default();
        let users = end_users(&shape, "r-1", &mut placeholders);
        let claims: Vec<&str> =
            std::iter::once("sub").chain(users["alice"].claims.keys().map(String::as_str)).collect();
        assert_eq!(claims, crate::scenario::end_user::USUAL_CLAIMS);
        for claim in claims {
            let name = format!("{{user.alice.{claim}}}");
            assert_ne!(placeholders.fill_text(&name), name);
        }
    }

    #[test]
    fn end_users_are_unique_to_the_run_and_can_lack_claims() {
        let users = json!({"alice": {"omit": ["email"], "null": ["name"], "quota": 1}});
        let document = json!({"title": "t", "requirement": [], "users": users});
        let Ok(shape) = serde_json::from_value::<Shape>(document) else { unreachable!("the document is right") };
        let mut placeholders = Placeholders::default();
        let users = end_users(&shape, "r-1", &mut placeholders);
        assert_eq!(users["alice"].sub, "alice-r-1");
        assert!(!users["alice"].claims.contains_key("email"));
        assert_eq!(users["alice"].claims["name"], Value::Null);
        assert_eq!(placeholders.fill_text("{user.alice.quota}"), "1");
    }
}
