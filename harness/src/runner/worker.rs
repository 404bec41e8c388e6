//! One target with its own provider, which plays one test at a time.
//! [`super::play`] plays a test; [`super::run`] decides which worker plays it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use mock_idp::by_hand::Console;
use mock_idp::{CertificateAuthority, Clock, KeySource, Provider};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng, distr::Alphanumeric};
use semver::Version;

use super::controls::Controls;
use super::error::{RunError, WorkerError};
use super::event::{Event, Events};
use super::fixed_settings::{misfit, misfit_of};
use super::fixture::Fixture;
use super::lack::{Common, Lack, lacking};
use super::performance::Played;
use super::verdict::{broken, date_of, in_the_light_of, judge, mistaken, proven, settings_failed};
use super::worker_options::WorkerOptions;
use crate::baseline::Baseline;
use crate::guard::{Custody, Restored, Server, Session, StepFault, mark};
use crate::http_client::{self, BrowserClients, ProviderClients};
use crate::immich::{Access, ApiKey, Capabilities, Immich, TargetError};
use crate::redaction::SecretKind;
use crate::reference::{ReferenceOptions, ReferenceServer};
use crate::report::{CaseReport, CaseResult, Need, Outcome, Party};
use crate::scenario::{Case, Play, Scenario};
use crate::stage::StepError;
use crate::user_agent::other_origin;

/// One target with a provider.
#[derive(Debug)]
pub struct Worker {
    session: Option<Session>,
    provider: Arc<Provider>,
    browser_clients: BrowserClients,
    /// What people are shown, if they are.
    console: Option<Console>,
    /// Whether the target trusts the provider's authority.
    trusted: bool,
    /// Dropped last: it ends the reference server.
    reference: Option<ReferenceServer>,
    random: StdRng,
    mark: String,
    standing_secret: String,
    plays: u32,
    controls: Controls,
    /// The problems that many tests show and one has reported.
    told: BTreeSet<String>,
    /// The results of proofs, by test.
    proofs: BTreeMap<String, CaseResult>,
    events: Events,
}

fn word(random: &mut StdRng, length: usize) -> String {
    (0..length).map(|_| char::from(random.sample(Alphanumeric)).to_ascii_lowercase()).collect()
}

impl Worker {
    /// A worker with a reference server in the same process.
    pub async fn with_reference(
        options: WorkerOptions,
        version: &Version,
        defects: &[String],
    ) -> Result<Self, WorkerError> {
        let clock = Clock::system();
        let mut random = StdRng::seed_from_u64(options.seed);
        let authority = match &options.authority {
            Some(authority) => Arc::clone(authority),
            None => Arc::new(CertificateAuthority::fresh(clock.now())?),
        };
        let clients = ProviderClients::of_the_provider(authority.pem().as_bytes())?;
        let options = WorkerOptions { authority: Some(authority), ..options };
        // The published keys are for this computer alone.
        let is_alone = options.idp_listen.ip().to_canonical().is_loopback();
        let keys = if is_alone { KeySource::Published } else { KeySource::Fresh };
        let provider = options.provider(keys, clock.clone(), random.random(), word(&mut random, 32)).await?;
        let reference = ReferenceServer::start(ReferenceOptions {
            version: version.clone(),
            defects: defects.to_vec(),
            seed: options.seed,
            ..ReferenceOptions::on_loopback(Arc::new(move || clock.now()), clients)
        })
        .await?;
        let key = ApiKey::new(reference.api_key());
        let target = Immich::new(options.client.clone(), reference.url(), key)?;
        let capabilities = Capabilities::of(&target).await?;
        let custody = Custody::without_journal(&target);
        let manner = (Access::Api, false);
        let mut worker = Self::new(provider, options.browser_client, custody, manner, capabilities, random).await?;
        worker.trusted = true;
        worker.reference = Some(reference);
        Ok(worker)
    }

    /// A worker for a server that was running before, and was looked at.
    pub async fn with_target(
        options: WorkerOptions,
        custody: Custody,
        server: &Server,
        capabilities: Capabilities,
    ) -> Result<Self, WorkerError> {
        // Clients that can reach the provider must not predict these values, so
        // none of them comes from the seed, which is printed.
        let mut random = StdRng::from_rng(&mut rand::rng());
        let provider =
            options.provider(KeySource::Fresh, Clock::system(), random.random(), word(&mut random, 32)).await?;
        let manner = (server.access.clone(), server.consents.leave_accounts);
        let mut worker = Self::new(provider, options.browser_client, custody, manner, capabilities, random).await?;
        worker.trusted = options.authority.is_some();
        Ok(worker)
    }

    async fn new(
        (provider, console): (Provider, Option<Console>),
        target: reqwest::Client,
        custody: Custody,
        (access, leave_accounts): (Access, bool),
        capabilities: Capabilities,
        mut random: StdRng,
    ) -> Result<Self, WorkerError> {
        let mark = mark::fresh(&mut random);
        let standing_secret = word(&mut random, 32);
        let browser_clients = BrowserClients { target, provider: http_client::indifferent()? };
        custody.target().secrets().add(SecretKind::RunSecret, provider.secret());
        let session = Session::begin(custody, access, capabilities, &mark, leave_accounts).await?;
        Ok(Self {
            session: Some(session),
            provider: Arc::new(provider),
            browser_clients,
            console,
            trusted: false,
            reference: None,
            random,
            mark,
            standing_secret,
            plays: 0,
            controls: Controls::default(),
            told: BTreeSet::new(),
            proofs: BTreeMap::new(),
            events: Events::default(),
        })
    }

    /// From here on, it tells what it does.
    pub(super) fn tells(&mut self, events: Events) -> &mut Self {
        self.events = events;
        self
    }

    /// Tells of an event. Returns whether there is a listener.
    pub(super) fn tell(&self, event: Event) -> bool {
        self.events.tell(event)
    }

    /// The provider.
    pub(super) fn provider(&self) -> &Provider {
        &self.provider
    }

    /// The dealings with the target.
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// Plays a test: its control, if it has one, then itself.
    pub async fn test(&mut self, scenario: &Scenario, case: &Case, baseline: Option<&Baseline>) -> CaseReport {
        let since = Instant::now();
        let mut report = CaseReport::of(scenario, case);
        let today = date_of(self.provider.clock().now());
        let known = baseline.and_then(|baseline| baseline.known(&scenario.name, case.name.as_deref()));
        let known_severity = known.and_then(|known| known.cause.severity);
        report.severity = known_severity.or(report.severity);
        match self.attempt(case, &mut report).await {
            Ok(Some(played)) => {
                let checks: Vec<_> = played.steps.iter().flat_map(|step| step.checks.clone()).collect();
                report.result = judge(&checks, played.not_exercised().as_deref());
                // What is known to be wrong is so, whatever is unknown.
                if let Some(error) = played.unknown.filter(|_| report.result.outcome != Outcome::Failed) {
                    report.result = broken(&StepFault::from(error).into(), |text| self.shown(text));
                }
                report.diagnostics = played.diagnostics;
                (report.steps, report.steps_left) = (played.steps, played.left);
            }
            Ok(None) => {}
            Err(StepError::SettingsRefused { message, steady }) => {
                let reason = self.shown(&format!("the target refuses the settings: {message}"));
                report.result = CaseResult::new(Outcome::Failed, reason);
                report.steps = vec![settings_failed(message, steady)];
            }
            Err(StepError::At { problem, place }) => {
                let (result, diagnostic) = mistaken(self.shown(&problem), place);
                report.result = result;
                report.diagnostics.push(diagnostic);
            }
            Err(error) => report.result = broken(&error, |text| self.shown(text)),
        }
        if let (Outcome::Passed, Some(proof)) = (report.result.outcome, &case.proof) {
            report.result = self.proven(report.result.clone(), proof).await;
        }
        report.result = in_the_light_of(known, &report, report.result.clone(), today);
        report.milliseconds = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
        report
    }

    /// Returns the result of a test that passed, as its proof permits. Each proof
    /// is played once, and sends no events: it may be a test of the run, too.
    async fn proven(&mut self, passed: CaseResult, proof: &Scenario) -> CaseResult {
        let Some(case) = proof.cases.first() else { return passed };
        let name = proof.test_name(case);
        if let Some(result) = self.proofs.get(&name) {
            return proven(passed, &name, result);
        }
        let events = std::mem::take(&mut self.events);
        let result = Box::pin(self.test(proof, case, None)).await.result;
        self.events = events;
        let verdict = proven(passed, &name, &result);
        self.proofs.insert(name, result);
        verdict
    }

    /// A text without the secrets of the play before it.
    fn shown(&self, text: &str) -> String {
        self.session.as_ref().map_or_else(|| text.to_owned(), |session| session.target.secrets().text(text))
    }

    /// Plays; nothing if the report says already why not.
    async fn attempt(&mut self, case: &Case, report: &mut CaseReport) -> Result<Option<Played>, StepError> {
        let Some(session) = &self.session else {
            return Err(StepError::Scenario("an earlier test stopped in the middle".into()));
        };
        if let Some(reason) = misfit(session, case) {
            report.result = CaseResult::skipped(Need::Access, reason);
            return Ok(None);
        }
        for play in std::iter::once(&case.play).chain(&case.control) {
            let Some(lack) = self.lack(play, session).await? else { continue };
            report.result = lack.judge(report, &mut self.told);
            return Ok(None);
        }
        let unproven = case.control.as_ref().filter(|control| !self.controls.hold(control, self.plays));
        if let Some(control) = unproven {
            self.tell(Event::Started { test: report.test_name(), is_control: true });
            let played = self.play(control, report).await?;
            // By an honest provider, nothing but the target can be the cause.
            let exchanges = played.steps.iter().flat_map(|step| &step.exchanges);
            let to_target = exchanges.filter(|one| one.to == Party::Target && control.shape.patience.is_none());
            if let Some(session) = &self.session {
                to_target.for_each(|one| session.target.note_hang(&one.exchange));
            }
            if played.is_wrong_at_large() {
                return Ok(Some(played));
            }
            if let Some(found) = played.first_miss().or(played.stopped.clone()) {
                let reason = format!("its control fails ({found})");
                report.result = CaseResult::new(Outcome::Blocked, reason);
                report.diagnostics = played.diagnostics;
                (report.steps, report.steps_left) = (played.steps, played.left);
                return Ok(None);
            }
            if let Some(error) = played.unknown {
                return Err(StepFault::from(error).into());
            }
            self.controls.note(control, self.plays);
        }
        self.tell(Event::Started { test: report.test_name(), is_control: false });
        self.play(&case.play, report).await.map(Some)
    }

    /// Why no further test is worth its time, if the target hangs or is down.
    pub(super) fn end(&self) -> Option<TargetError> {
        self.session.as_ref().and_then(|session| session.target.end())
    }

    /// What the target lacks to play it.
    async fn lack(&self, play: &Play, session: &Session) -> Result<Option<Lack>, StepFault> {
        let common = Common {
            process: self.reference.is_some(),
            ipv6: self.provider.ipv6_origin().is_some(),
            loopback: other_origin(self.provider.origin()).is_some(),
            authority: self.trusted,
        };
        Ok(lacking(&play.shape, session, common).await?)
    }

    /// A stage for the next play.
    fn fixture(&mut self) -> Fixture {
        self.plays += 1;
        Fixture {
            provider: Arc::clone(&self.provider),
            browser_clients: self.browser_clients.clone(),
            // Of one length, so that none is the beginning of another.
            run: format!("{}-{:05}", self.mark, self.plays),
            restarter: self.reference.as_ref().map(ReferenceServer::restarter),
            mark: self.mark.clone(),
            standing_secret: self.standing_secret.clone(),
            random: StdRng::seed_from_u64(self.random.random()),
            events: self.events.clone(),
        }
    }

    pub(super) async fn play(&mut self, play: &Play, report: &CaseReport) -> Result<Played, StepError> {
        let Some(session) = self.session.take() else {
            return Err(StepError::Scenario("an earlier test stopped in the middle".into()));
        };
        let (session, played) = self.fixture().play(session, play, report).await;
        self.session = Some(session);
        played
    }

    /// Sets the stage of a play, tells what there is, and leaves it to a person
    /// until `end`.
    pub(super) async fn exhibit(&mut self, play: &Play, end: impl Future<Output = ()>) -> Result<(), RunError> {
        let Some(session) = self.session.take() else { return Ok(()) };
        let lack = match misfit_of(&session, play) {
            Some(reason) => Ok(Some(Lack::Excused(Need::Access, reason))),
            None => self.lack(play, &session).await,
        };
        let unfit: Option<RunError> = match lack {
            Ok(lack) => lack.map(|lack| RunError::Stage(lack.reason())),
            Err(fault) => Some(fault.into()),
        };
        if let Some(error) = unfit {
            self.session = Some(session);
            return Err(error);
        }
        let key = self.reference.as_ref().map(|reference| reference.api_key().to_owned());
        let fixture = self.fixture();
        let (session, shown) = fixture.exhibit(session, play, self.console.as_ref(), key, end).await;
        self.session = Some(session);
        shown.map_err(RunError::from)
    }

    /// Leaves the target as it was.
    pub async fn finish(mut self) -> Result<Restored, StepFault> {
        match self.session.take() {
            Some(session) if self.reference.is_none() => session.restore().await,
            // The reference server gets no more requests.
            _ => Ok(Restored::default()),
        }
    }
}
