//! Plays a test: its control, then itself, then its proof. [`super::play`] plays
//! each of these.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::event::Event;
use super::fixed_settings::misfit;
use super::fixture::Fixture;
use super::lack::{Common, Lack, lacking};
use super::played::Played;
use super::verdict::{broken, date_of, in_the_light_of, judge, mistaken, proven, settings_failed};
use super::worker::Worker;
use crate::baseline::Baseline;
use crate::guard::{Session, StepFault};
use crate::reference::ReferenceServer;
use crate::report::{CaseReport, CaseResult, Need, Outcome, Party};
use crate::scenario::{Case, Play, Scenario};
use crate::stage::StepError;
use crate::user_agent::other_origin;

impl Worker {
    /// Plays a test: its control, if it has one, then itself.
    pub async fn test(&mut self, scenario: &Scenario, case: &Case, baseline: Option<&Baseline>) -> CaseReport {
        let (since, waited) = (Instant::now(), self.waited());
        let mut report = CaseReport::of(scenario, case);
        self.otherwise = None;
        let today = date_of(self.provider.clock().now());
        let known = baseline.and_then(|baseline| baseline.known(&scenario.name, case.name.as_deref()));
        match self.attempt(case, &mut report).await {
            Ok(Some(played)) => {
                if played.signs_in {
                    self.controls.note_sign_in(self.plays());
                }
                let checks: Vec<_> = played.steps.iter().flat_map(|step| step.checks.clone()).collect();
                report.result = judge(&checks, played.not_exercised().as_deref());
                // What is known to be wrong is so, whatever is unknown.
                if let Some(error) = played.unknown.filter(|_| report.result.outcome != Outcome::Failed) {
                    report.result = broken(&StepFault::from(error).into(), |text| self.shown(text));
                }
                report.diagnostics = played.diagnostics;
                (report.steps, report.steps_left) = (played.steps.into(), played.left);
                report.note_own_problem();
            }
            Ok(None) => {}
            Err(StepError::SettingsRefused { message, steady }) => {
                let reason = self.shown(&format!("the server refuses the settings: {message}"));
                report.result = CaseResult::new(Outcome::Failed, reason);
                report.steps = vec![settings_failed(message, steady)].into();
            }
            Err(StepError::At { problem, place }) => {
                let (result, diagnostic) = mistaken(self.shown(&problem), place);
                report.result = result;
                report.diagnostics.push(diagnostic);
            }
            Err(error) => report.result = broken(&error, |text| self.shown(text)),
        }
        let known_severity = known.and_then(|known| known.cause.severity);
        report.severity = known_severity.or(report.severity);
        if let (Outcome::Passed, Some(proof)) = (report.result.outcome, &case.proof) {
            report.result = self.proven(report.result.clone(), proof).await;
        }
        report.result = in_the_light_of(known, &report, report.result.clone(), today);
        let took = since.elapsed().saturating_sub(self.waited().saturating_sub(waited));
        report.milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        report
    }

    /// Returns the result of a test that passed, as its proof permits. Each proof
    /// is played once, and sends no events: it may be a test of the run, too.
    async fn proven(&mut self, passed: CaseResult, proof: &Scenario) -> CaseResult {
        let Some(case) = proof.cases().first() else { return passed };
        let name = proof.test_name(case);
        let mut known = self.proofs.of(&name).await;
        if let Some(result) = &*known {
            return proven(passed, &name, result);
        }
        let events = std::mem::take(&mut self.events);
        let result = Box::pin(self.test(proof, case, None)).await.result;
        let result = self.otherwise.take().map_or(result, |otherwise| otherwise.result);
        self.events = events;
        let verdict = proven(passed, &name, &result);
        // What is red beside others may be so because of them.
        if !self.is_beside() || result.outcome == Outcome::Passed {
            *known = Some(result);
        }
        verdict
    }

    /// How long its plays have waited for others.
    fn waited(&self) -> Duration {
        self.session.as_ref().map_or(Duration::ZERO, |session| session.turn.waited())
    }

    /// Whether the test is played beside others.
    fn is_beside(&self) -> bool {
        self.session.as_ref().is_some_and(Session::is_beside)
    }

    /// How many plays there were so far.
    fn plays(&self) -> u32 {
        self.plays.load(Ordering::Relaxed)
    }

    /// A text without the secrets of the play before it.
    fn shown(&self, text: &str) -> String {
        self.session.as_ref().map_or_else(|| text.to_owned(), |session| session.target.secrets().text(text))
    }

    /// Plays; nothing if the report says already why not.
    async fn attempt(&mut self, case: &Case, report: &mut CaseReport) -> Result<Option<Played>, StepError> {
        let Some(session) = &self.session else {
            return Err(StepError::Scenario("the run did not play it, because an earlier test broke off".into()));
        };
        if let Some(reason) = misfit(session, case) {
            report.result = CaseResult::skipped(Need::Access, reason);
            return Ok(None);
        }
        if let Some(lack) = self.lack_of(case, session).await? {
            (report.result, self.otherwise) = lack.judge(report);
            return Ok(None);
        }
        let Some(control) = &case.control else { return self.play_itself(case, report).await.map(Some) };
        let beside = if self.is_beside() { self.beside(None) } else { None };
        let failed = match beside {
            // At the same time, so that tests with the same settings need one turn.
            Some(mut other) => {
                let (failed, played) =
                    tokio::join!(Box::pin(other.prove(control, report)), Box::pin(self.play_itself(case, report)));
                self.rejoin(other, false);
                match failed? {
                    Some(failed) => failed,
                    None => return played.map(Some),
                }
            }
            None => match self.prove(control, report).await? {
                Some(failed) => failed,
                None => return self.play_itself(case, report).await.map(Some),
            },
        };
        if failed.is_wrong_at_large() {
            return Ok(Some(failed));
        }
        let found = failed.first_miss().or(failed.stopped).unwrap_or_default();
        report.result = CaseResult::new(Outcome::Blocked, format!("its control fails ({found})"));
        report.diagnostics = failed.diagnostics;
        (report.steps, report.steps_left) = (failed.steps.into(), failed.left);
        Ok(None)
    }

    /// Plays the control of a test before the test, and sends no events. Only a
    /// success counts: the test plays a control that failed again, and reports it.
    pub(super) async fn prove_early(&mut self, scenario: &Scenario, case: &Case) -> Result<(), StepError> {
        let (Some(session), Some(control)) = (&self.session, &case.control) else { return Ok(()) };
        if misfit(session, case).is_some() || self.lack_of(case, session).await?.is_some() {
            return Ok(());
        }
        let events = std::mem::take(&mut self.events);
        let proved = self.prove(control, &CaseReport::of(scenario, case)).await;
        self.events = events;
        proved.map(drop)
    }

    /// What the target lacks to play a test or its control.
    async fn lack_of(&self, case: &Case, session: &Session) -> Result<Option<Lack>, StepFault> {
        for play in std::iter::once(&case.play).chain(&case.control) {
            let lack = self.lack(play, session).await?;
            if lack.is_some() {
                return Ok(lack);
            }
        }
        Ok(None)
    }

    /// Plays a control, unless it is known that it would succeed. Returns the play if
    /// it fails.
    async fn prove(&mut self, control: &Play, report: &CaseReport) -> Result<Option<Played>, StepError> {
        let controls = self.controls.clone();
        let mut success = if let Some(success) = controls.at_once(control) {
            success
        } else {
            // The play that it waits for may come after it in the order of turns.
            if let Some(session) = &mut self.session {
                session.turn.give_up_place();
            }
            controls.of(control).await
        };
        if success.holds(self.plays()) {
            return Ok(None);
        }
        self.tell(Event::Started { test: report.test_name(), is_control: true });
        let played = self.play(control, report).await?;
        // By an honest provider, nothing but the target can be the cause.
        let exchanges = played.steps.iter().flat_map(|step| &step.exchanges);
        let to_target = exchanges.filter(|one| one.to == Party::Target && control.shape.patience.is_none());
        if let Some(session) = &self.session {
            to_target.for_each(|one| session.target.note_hang(&one.exchange));
        }
        if played.is_wrong_at_large() || played.first_miss().is_some() || played.stopped.is_some() {
            return Ok(Some(played));
        }
        if let Some(error) = played.unknown {
            return Err(StepFault::from(error).into());
        }
        success.note(self.plays());
        Ok(None)
    }

    /// Plays the test without its control.
    async fn play_itself(&mut self, case: &Case, report: &CaseReport) -> Result<Played, StepError> {
        self.tell(Event::Started { test: report.test_name(), is_control: false });
        self.play(&case.play, report).await
    }

    /// What the target lacks to play it.
    pub(super) async fn lack(&self, play: &Play, session: &Session) -> Result<Option<Lack>, StepFault> {
        let common = Common {
            process: self.reference.is_some(),
            ipv6: self.provider.ipv6_origin().is_some(),
            loopback: other_origin(self.provider.origin()).is_some(),
            authority: self.trusted,
        };
        Ok(lacking(&play.shape, session, common).await?)
    }

    /// A stage for the next play.
    pub(super) fn fixture(&mut self) -> Fixture {
        let plays = self.plays.fetch_add(1, Ordering::Relaxed) + 1;
        Fixture {
            provider: Arc::clone(&self.provider),
            browser_clients: self.browser_clients.clone(),
            // Of one length, so that none is the beginning of another.
            run: format!("{}-{plays:05}", self.mark),
            restarter: self.reference.as_ref().map(ReferenceServer::restarter),
            mark: self.mark.clone(),
            standing_secret: self.standing_secret.clone(),
            random: StdRng::seed_from_u64(self.random.random()),
            guest: None,
            events: self.events.clone(),
        }
    }

    pub(super) async fn play(&mut self, play: &Play, report: &CaseReport) -> Result<Played, StepError> {
        let Some(session) = self.session.take() else {
            return Err(StepError::Scenario("the run did not play it, because an earlier test broke off".into()));
        };
        let (session, played) = Box::pin(self.fixture().play(session, play, report)).await;
        self.session = Some(session);
        played
    }
}
