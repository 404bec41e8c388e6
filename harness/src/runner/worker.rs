//! One target with its own provider. [`super::attempt`] plays a test;
//! [`super::work`] decides when.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use mock_idp::by_hand::Console;
use mock_idp::{CertificateAuthority, Clock, KeySource, Provider};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng, distr::Alphanumeric};
use semver::Version;

use super::controls::Controls;
use super::error::{RunError, WorkerError};
use super::event::{Event, Events};
use super::fixed_settings::misfit_of;
use super::lack::Lack;
use super::once::Once;
use super::worker_options::WorkerOptions;
use crate::guard::{Custody, Restored, Server, Session, StepFault, mark};
use crate::http_client::{self, BrowserClients, ProviderClients};
use crate::immich::{Access, ApiKey, Capabilities, Immich, TargetError};
use crate::redaction::SecretKind;
use crate::reference::{ReferenceOptions, ReferenceServer};
use crate::report::{CaseReport, CaseResult, Need};
use crate::scenario::Play;

/// One target with a provider.
#[derive(Debug)]
pub struct Worker {
    pub(super) session: Option<Session>,
    pub(super) provider: Arc<Provider>,
    pub(super) browser_clients: BrowserClients,
    /// What people are shown, if they are.
    console: Option<Console>,
    /// Whether the target trusts the provider's authority.
    pub(super) trusted: bool,
    /// Dropped last: it ends the reference server.
    pub(super) reference: Option<ReferenceServer>,
    pub(super) random: StdRng,
    pub(super) mark: String,
    pub(super) standing_secret: String,
    /// How many plays there were.
    pub(super) plays: Arc<AtomicU32>,
    pub(super) controls: Controls,
    /// What came of the last test if another one reports the same problem.
    pub(super) otherwise: Option<Box<CaseReport>>,
    /// The results of proofs, by test.
    pub(super) proofs: Once<CaseResult>,
    pub(super) events: Events,
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
        let browser_clients = BrowserClients { target, provider: http_client::indifferent()?, guest: None };
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
            plays: Arc::default(),
            controls: Controls::default(),
            otherwise: None,
            proofs: Once::default(),
            events: Events::default(),
        })
    }

    /// A worker for a test beside others, with its place in the order of tests, or
    /// for its control. It shares with this one what plays of a run know of one
    /// another.
    pub(super) fn beside(&mut self, place: Option<usize>) -> Option<Self> {
        Some(Self {
            session: Some(self.session.as_ref()?.beside(place)),
            provider: Arc::clone(&self.provider),
            browser_clients: self.browser_clients.clone(),
            console: None,
            trusted: self.trusted,
            reference: None,
            random: StdRng::seed_from_u64(self.random.random()),
            mark: self.mark.clone(),
            standing_secret: self.standing_secret.clone(),
            plays: Arc::clone(&self.plays),
            controls: self.controls.clone(),
            otherwise: None,
            proofs: self.proofs.clone(),
            events: self.events.clone(),
        })
    }

    /// Takes over what the test of such a worker left; `again` says whether it
    /// is to be played again.
    pub(super) fn rejoin(&mut self, other: Self, again: bool) {
        if let (Some(own), Some(other)) = (&mut self.session, other.session) {
            own.rejoin(other, again);
        }
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

    /// Why no further test is worth its time, if the target hangs or is down.
    pub(super) fn end(&self) -> Option<TargetError> {
        self.session.as_ref().and_then(|session| session.target.end())
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
