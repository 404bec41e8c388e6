//! Performs the steps of a scenario on a prepared stage and observes each one.
//! [`super::judgement`] checks the observations, and [`super::verdict`] makes the
//! result.

use std::time::Instant;

use mock_idp::{Entry, Mark};

use super::answers::judge_answers;
use super::event::{Event, Events};
use super::judgement::{Judgement, Wanted};
use super::played::Played;
use super::reported_exchange::exchange_of;
use super::survival::Survival;
use super::tampering::note_tampering;
use super::transcript::Places;
use super::wire::{Journals, Wire};
use crate::diagnostic::Diagnostic;
use crate::escape::terminal;
use crate::exchange::Exchange;
use crate::expect::{Before, Check, Evidence, Expected, Scene, ending, look};
use crate::guard::StepFault;
use crate::level::Level;
use crate::redaction::Secrets;
use crate::report::{CaseReport, ExchangeReport, StepReport};
use crate::scenario::{Play, Shape};
use crate::stage::{Observation, StepError, World};

/// Does the steps, one after the other, up to the first that fails.
pub(super) async fn perform(
    world: &mut World,
    shape: &Shape,
    play: &Play,
    report: &CaseReport,
    events: &Events,
) -> Result<Played, StepError> {
    let began = Instant::now();
    let mut played = Played::default();
    let mut wires = Vec::new();
    let (mut survival, mut last_place) = (Survival::default(), 0..0);
    let start = world.issuer.journal().mark();
    let other_start = world.other_issuer.as_ref().map(|other| other.journal().mark());
    // Those of a profile are not what the scenario is about.
    let mut declared = vec![Declared { since: start, names: shape.provider.deviations().map_err(wrong)?.names() }];
    for (index, step) in shape.steps.iter().enumerate() {
        let id = step.id.clone().unwrap_or_else(|| format!("step-{}", index + 1));
        let agent = step.agent.as_deref().unwrap_or("browser");
        let Some(action) = step.action() else { continue };
        let own = step.deviations().map_err(wrong)?;
        let resting = if own.is_empty() { None } else { Some(world.issuer.deviations()) };
        if let Some(resting) = &resting {
            declared.push(Declared { since: world.issuer.journal().mark(), names: own.names() });
            world.issuer.set_deviations(resting.with(&own).map_err(wrong)?);
        }
        let expected = play.expected.get(index).map_or(&[][..], Vec::as_slice);
        let place = play.places.get(index).cloned().unwrap_or_default();
        let has_steps = !played.steps.is_empty();
        let before = match Before::note(world, expected).await {
            // An earlier step may have ended the server.
            Err(error) if has_steps => {
                played.unknown = Some(error);
                break;
            }
            noted => noted.map_err(StepFault::from)?,
        };
        world.begin_step(&id);
        last_place.clone_from(&place);
        let performed = step.perform(world, agent).await;
        end_step(world, &mut survival, expected, index + 1 == shape.steps.len());
        let observation = match performed {
            Err(StepError::DeadEnd(why)) => Observation::dead_end(why),
            Err(StepError::NotExercised(why)) => {
                played.stopped = Some(why);
                break;
            }
            Err(StepError::Fault(StepFault::Target(error))) if has_steps => {
                played.unknown = Some(error);
                break;
            }
            performed => performed.map_err(|error| error.at(&place))?,
        };
        if let Some(quirks) = step.provider_change().and_then(|change| change.quirks) {
            declared.push(Declared { since: before.mark, names: quirks.deviations().names() });
        }
        let sent = std::mem::take(&mut world.sent);
        let secrets = world.secrets().clone();
        // What the journal forgot by now is found when the step is judged.
        let entries = world.issuer.journal().entries_since(before.mark);
        learn(&secrets, &entries.unwrap_or_else(|forgotten| forgotten.kept));
        if let Some((other, mark)) = world.other_issuer.as_ref().zip(before.other_mark) {
            learn(&secrets, &other.journal().entries_since(mark)?);
        }
        let wanted = Wanted { id: &id, expected, level: shape.level, place, kind: observation.kind };
        let seen = look(Scene::new(world, &observation, &before, expected), &wanted.sections()).await;
        let evidence = Evidence::of(&seen, &wanted.sections());
        played.signs_in |= evidence.seen.get("outcome").is_some_and(|outcome| outcome == "signed-in");
        let foreign_owner = seen.foreign_owner();
        let Judgement { mut checks, diagnostics: mut complaints, unknown } =
            wanted.judge(&evidence, &world.placeholders, &secrets);
        let is_over = unknown.is_some() || checks.iter().any(ends);
        let to_administrator = world.session.target.take_unjudged();
        let (more, about) = judge_answers((world.target_origin(), &sent), &to_administrator, &secrets, &wanted.place);
        checks.extend(more);
        complaints.extend(about);
        // Once is enough, and after the last one it is read.
        if let Some(diagnostic) = complaints.last_mut() {
            explain(diagnostic, &declared, shape, report);
            diagnostic.notes.extend(sent.iter().map(|sent| outline(sent.exchange.clone(), &secrets)));
        }
        played.unknown = unknown;
        played.diagnostics.extend(complaints);
        let (action, sentence) = (action.name().to_owned(), action.tell());
        let step = StepReport { id, action, sentence, checks, foreign_owner, exchanges: Vec::new() };
        events.tell(Event::StepSeen { test: report.test_name(), step: step.clone() });
        played.steps.push(step);
        let deviations = world.issuer.deviations();
        wires.push(Wire { sent, deviations, since: before.mark, other_since: before.other_mark });
        if let Some(resting) = resting {
            world.issuer.set_deviations(resting);
        }
        if is_over {
            // What follows a failed step would fail for its sake.
            break;
        }
    }
    played.add(survival.judge(&world.session.target, &last_place).await.map_err(StepFault::from)?);
    // Dropped entries would look like requests that never came.
    let own = world.issuer.journal().entries_since(start)?;
    let other = world.other_issuer.as_ref();
    let others = other.zip(other_start).map(|(other, mark)| other.journal().entries_since(mark)).transpose()?;
    note_errors(&mut played, &own, &wires, play)?;
    played.idle = idle(declared, &own);
    let (target, issuer) = (world.target_origin(), world.issuer.url());
    let places = Places { target, issuer, other_issuer: other.map(mock_idp::Issuer::url), began };
    let journals = Journals { own, other: others.unwrap_or_default() };
    tell(&mut played, &wires, &journals, places, world.secrets());
    played.left = shape.steps.len().saturating_sub(played.steps.len());
    note_tampering(&shape.steps, &mut played.steps);
    Ok(played)
}

/// Notes that the target did not send what an overlay alters.
///
/// # Errors
/// The provider panicked, or an overlay cannot be as the scenario says.
fn note_errors(played: &mut Played, entries: &[Entry], wires: &[Wire], play: &Play) -> Result<(), StepError> {
    if let Some(panic) = entries.iter().find_map(|entry| entry.panic.clone()) {
        return Err(StepError::Panic(panic));
    }
    if let Some((entry, error)) = entries.iter().find_map(|entry| Some((entry, entry.overlay_error.as_ref()?))) {
        let step = wires.iter().rposition(|wire| wire.since <= Mark::before(entry.sequence)).unwrap_or_default();
        if error.reason().is_none() {
            let place = play.places.get(step).cloned().unwrap_or_default();
            return Err(StepError::Scenario(error.to_string()).at(&place));
        }
        played.stopped = Some(error.to_string());
        played.forget_since(step);
    }
    Ok(())
}

/// Notes what the target got. After the last step, others may change the
/// settings, unless their steps may decide what is expected of it.
fn end_step(world: &mut World, survival: &mut Survival, expected: &[Expected], is_last: bool) {
    survival.note(world);
    let is_of_a_session = |one: &Expected| one.path.first().is_some_and(|section| section == "sessions");
    if is_last {
        world.session.turn.end_steps(expected.iter().any(is_of_a_session));
    }
}

/// Whether nothing can follow a check. What only should be so, or may be, says
/// nothing about what must be so later, unless it is how the step ended.
fn ends(check: &Check) -> bool {
    let is_last = match check.level {
        Level::Must => true,
        Level::Should => ending::ENDINGS.contains(&check.path.as_str()),
        Level::May => false,
    };
    !check.held && is_last
}

/// The names of deviations that altered nothing. Where one of several stops the
/// flow, those that come later have no turn; but those of one step say nothing
/// for those of another.
fn idle(declared: Vec<Declared>, entries: &[Entry]) -> Vec<String> {
    let is_idle = |one: &Declared| {
        let mut later = entries.iter().filter(|entry| Mark::before(entry.sequence) >= one.since);
        !later.any(|entry| entry.altered_by.iter().any(|name| one.names.contains(name)))
    };
    declared.into_iter().filter(|one| !one.names.is_empty() && is_idle(one)).flat_map(|one| one.names).collect()
}

/// Deviations that were set together.
#[derive(Debug)]
struct Declared {
    /// How far the provider's journal was.
    since: Mark,
    names: Vec<String>,
}

fn wrong(error: impl std::fmt::Display) -> StepError {
    StepError::Scenario(error.to_string())
}

/// Adds what one wants to know about a failed expectation.
fn explain(diagnostic: &mut Diagnostic, declared: &[Declared], shape: &Shape, report: &CaseReport) {
    for name in declared.iter().flat_map(|one| &one.names) {
        if let Some(quirk) = mock_idp::quirk(name) {
            diagnostic.notes.push(format!("quirk {name}: {}", quirk.text));
        }
    }
    if let Ok(Some(profile)) = shape.provider.profile() {
        diagnostic.notes.push(format!("profile {}: {}, {}", profile.name, profile.product, profile.version));
    }
    diagnostic.notes.push(format!("requirement: {}", report.requirement.join(", ")));
}

/// How much of an answer stands in an outline, in bytes.
const OUTLINE: usize = 200;

/// An exchange in a line, with the beginning of what goes with an error.
fn outline(mut exchange: Exchange, secrets: &Secrets) -> String {
    secrets.exchange(&mut exchange, OUTLINE);
    let url = exchange.url.split('?').next().unwrap_or_default();
    let answer = match (exchange.status, &exchange.error) {
        (Some(status), _) => status.to_string(),
        (None, error) => error.clone().unwrap_or_default(),
    };
    let body = if exchange.status.is_some_and(|status| status >= 400) { exchange.response_body.as_str() } else { "" };
    terminal(format!("exchange: {} {url} -> {answer} {body}", exchange.method).trim_end())
}

/// Notes the secrets of what the target asked the provider, and of its answers.
fn learn(secrets: &Secrets, entries: &[Entry]) {
    for entry in entries {
        let exchange = exchange_of(entry, "");
        secrets.learn(&exchange);
        secrets.add_issued(&exchange);
    }
}

/// Adds what went over the wire; of what passed, only the outline.
fn tell(played: &mut Played, wires: &[Wire], journals: &Journals, places: Places<'_>, secrets: &Secrets) {
    let is_met = |check: &Check| check.held || check.level == Level::May;
    let passed = played.not_exercised().is_none() && played.steps.iter().flat_map(|step| &step.checks).all(is_met);
    for (index, (step, wire)) in played.steps.iter_mut().zip(wires).enumerate() {
        let noted = journals.of_step(wire, wires.get(index + 1));
        step.exchanges = wire.transcript(&noted, places, secrets, &step.checks);
        if passed {
            step.sentence.clear();
            step.exchanges.iter_mut().for_each(ExchangeReport::abridge);
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("outcome", Level::Must, true)]
    #[case("account.name", Level::Must, true)]
    #[case("outcome", Level::Should, true)]
    #[case("response.status", Level::Should, true)]
    #[case("cookies.immich_is_authenticated.secure", Level::Should, false)]
    #[case("outcome", Level::May, false)]
    fn what_only_should_be_so_hides_nothing_that_must(#[case] path: &str, #[case] level: Level, #[case] last: bool) {
        let check = |held| Check {
            path: path.into(),
            alternative: None,
            level,
            held,
            expected: None,
            actual: None,
            found: None,
            problem: None,
        };
        assert_eq!((ends(&check(false)), ends(&check(true))), (last, false));
    }
}
