//! Prepares a run: makes the workers, checks the targets, and restores what an
//! interrupted run left.

use std::sync::OnceLock;

use mock_idp::{Clock, Interruption, Tls};

use super::RunError;
use super::event::{Event, Events, observed};
use super::failed_sign_in::FailedSignIn;
use super::honest_sign_in::sign_in;
use super::run::{Run, TargetChoice};
use super::worker::Worker;
use super::worker_options::WorkerOptions;
use crate::guard::{Custody, Manner, Preflight, Server, Session, StepFault, Waiting, preflight, prove_key};
use crate::immich::{Access, Capabilities, Immich, TargetError};
use crate::report::{SignInEnding, SignInReport};

/// A server that is judged, and the adapter to it.
pub(super) struct Judged<'a> {
    server: &'a Server,
    pub(super) target: Immich,
    /// Once it is taken over, and until the run is over altogether: another
    /// run that waits must not come in between.
    custody: OnceLock<Custody>,
}

/// What the preflight found at a server.
#[derive(Debug)]
pub struct CheckedServer {
    /// The checks that change nothing, and the sign-in where it works.
    pub found: Preflight,
    /// Why the honest sign-in fails, if it does.
    pub sign_in: Option<Box<FailedSignIn>>,
    /// What came of each honest sign-in after which a run goes on.
    pub(super) sign_ins: Vec<SignInReport>,
}

impl CheckedServer {
    /// Returns why no run can take place there.
    pub fn failure(&self) -> Option<RunError> {
        let target = self.found.failure().cloned().map(RunError::Target);
        target.or_else(|| self.sign_in.clone().map(RunError::SignIn))
    }
}

impl Run {
    pub(super) fn judged(&self) -> Result<Vec<Judged<'_>>, TargetError> {
        let judged = |server| {
            let target = Server::immich(server, self.options.client.clone())?;
            Ok(Judged { server, target, custody: OnceLock::new() })
        };
        self.servers().iter().map(judged).collect()
    }

    /// A worker for each target, or, with the reference server, no more than
    /// there are tests; and what came of the honest sign-ins. If one of them cannot be
    /// had, those before it leave their targets as they were.
    pub(super) async fn workers(
        &self,
        judged: &[Judged<'_>],
        tests: usize,
        events: &Events,
    ) -> Result<(Vec<Worker>, Vec<SignInReport>), RunError> {
        let (mut workers, mut sign_ins) = (Vec::new(), Vec::new());
        if let TargetChoice::Reference { version, defects, jobs } = &self.target {
            for index in 0..(*jobs).min(tests).max(1) {
                let seed = self.options.seed.wrapping_add(index as u64);
                let options = WorkerOptions { seed, ..self.options.for_worker(index)? };
                workers.push(Worker::with_reference(options, version, defects).await?);
            }
            return Ok((workers, sign_ins));
        }
        let mut made = Ok(());
        for (index, one) in judged.iter().enumerate() {
            made = match self.look_at(index, one, events, self.continue_anyway).await {
                Ok((checked, Some(worker))) => {
                    workers.push(worker);
                    sign_ins.extend(checked.sign_ins);
                    continue;
                }
                Ok((checked, None)) => Err(checked.failure().unwrap_or(RunError::Interrupted)),
                Err(error) => Err(error),
            };
            break;
        }
        if made.is_ok() {
            made = alike(&workers);
        }
        match made {
            Ok(()) => Ok((workers, sign_ins)),
            // What is left somewhere matters more than why.
            Err(error) => finish(workers).await.and(Err(error)),
        }
    }

    /// Looks at each target and leaves it as it was, or, where a killed run
    /// left something, as that found it. The honest sign-in points its settings
    /// to the provider for a moment, under the guard of the journal; all other
    /// checks change nothing.
    pub async fn preflight(&self, mut observe: impl FnMut(&Event)) -> Result<Vec<CheckedServer>, RunError> {
        let judged = self.judged()?;
        let mut interruption = Interruption::listen();
        let (events, mut heard) = Events::heard();
        let looked = Box::pin(async {
            tokio::select! {
                looked = self.look_at_all(&judged, &events) => looked,
                () = interruption.wait() => Err(self.interrupted(&judged, &mut interruption).await),
            }
        });
        observed(looked, &mut heard, &mut observe).await
    }

    async fn look_at_all(&self, judged: &[Judged<'_>], events: &Events) -> Result<Vec<CheckedServer>, RunError> {
        let mut all = Vec::new();
        for (index, one) in judged.iter().enumerate() {
            let (checked, worker) = self.look_at(index, one, events, false).await?;
            if let Some(worker) = worker {
                worker.finish().await?;
            }
            all.push(checked);
        }
        Ok(all)
    }

    /// The checks, and a worker if all of them are good, or the run plays on
    /// where only the sign-in is not.
    async fn look_at(
        &self,
        index: usize,
        Judged { server, target, custody }: &Judged<'_>,
        events: &Events,
        plays_on: bool,
    ) -> Result<(CheckedServer, Option<Worker>), RunError> {
        target.ping().await?;
        let held = if server.access == Access::ReadOnly {
            Custody::without_journal(target)
        } else {
            // Report mistakes in server or key before journals: a restore needs
            // both.
            prove_key(target, &server.access).await?;
            let tell = |locked| _ = events.tell(Event::Waiting(locked));
            let held = Custody::take(server, target, self.wait.then_some(&tell as Waiting<'_>)).await?;
            // From here on, whatever happens, this run gives it back.
            let held = custody.get_or_init(|| held).clone();
            if let Some(restored) = held.settle().await? {
                events.tell(Event::Restored { server: target.origin().to_owned(), restored });
            }
            held
        };
        let (found, capabilities) = preflight(target, &server.access, server.consents, Clock::system().now()).await;
        let mut checked = CheckedServer { found, sign_in: None, sign_ins: Vec::new() };
        let Some(capabilities) = capabilities else { return Ok((checked, None)) };
        let mut worker = self.worker(index, server, capabilities, held).await?;
        if server.access == Access::ReadOnly {
            return Ok((checked, Some(worker)));
        }
        let mut ways = vec![("sign-in works", Tls::None)];
        if self.options.authority.is_some() && server.access.changes_settings() {
            ways.push(("sign-in over TLS works", Tls::Trusted));
        }
        for (name, tls) in ways {
            match sign_in(&mut worker, tls).await {
                Ok(Ok(seen)) => {
                    if seen.ending == SignInEnding::Works {
                        events.tell(Event::SignInWorks);
                    }
                    checked.found.note(name, Ok(seen.text.clone()));
                    checked.sign_ins.push(seen);
                }
                Ok(Err(failure)) if plays_on => {
                    checked.sign_ins.push(failure.report());
                    events.tell(Event::SignInFails(Box::new(failure)));
                }
                Ok(Err(mut failure)) => {
                    failure.target = worker.session().map(|session| self.told(session));
                    worker.finish().await?;
                    checked.sign_in = Some(Box::new(failure));
                    return Ok((checked, None));
                }
                // What a server does is a result of the preflight.
                Err(RunError::Target(error) | RunError::Fault(StepFault::Target(error))) => {
                    worker.finish().await?;
                    checked.found.note(name, Err(error));
                    return Ok((checked, None));
                }
                Err(error) => {
                    worker.finish().await?;
                    return Err(error);
                }
            }
        }
        Ok((checked, Some(worker)))
    }

    async fn worker(
        &self,
        index: usize,
        server: &Server,
        capabilities: Capabilities,
        custody: Custody,
    ) -> Result<Worker, RunError> {
        let options = self.options.for_worker(index)?;
        Ok(Worker::with_target(options, custody, server, capabilities).await?)
    }

    /// Puts back what the journals say, at every target that was taken over,
    /// whatever becomes of the others.
    pub(super) async fn clean_up(&self, judged: &[Judged<'_>]) -> Result<(), RunError> {
        let mut cleaned = Ok(());
        for custody in judged.iter().filter_map(|judged| judged.custody.get()) {
            let one = custody.give_back(Manner { abrupt: true, ..Manner::default() }).await;
            cleaned = cleaned.and(one.map(drop).map_err(RunError::from));
        }
        cleaned
    }

    /// Puts everything back after an interruption, and does not wait for it
    /// where there is another one. Returns how the run ends.
    pub(super) async fn interrupted(&self, judged: &[Judged<'_>], again: &mut Interruption) -> RunError {
        tokio::select! {
            cleaned = self.clean_up(judged) => cleaned.err().unwrap_or(RunError::Interrupted),
            () = again.wait() => RunError::Abandoned,
        }
    }
}

/// Lets each leave its target as it was, whatever becomes of the others.
pub(super) async fn finish(workers: impl IntoIterator<Item = Worker>) -> Result<(), RunError> {
    let mut finished = Ok(());
    for worker in workers {
        let one = worker.finish().await.map(drop).map_err(RunError::from);
        finished = finished.and(one);
    }
    finished
}

/// Tests are spread over servers that are the same, or the report would say
/// nothing.
fn alike(workers: &[Worker]) -> Result<(), RunError> {
    let mut sessions = workers.iter().filter_map(Worker::session);
    let Some(first) = sessions.next() else { return Ok(()) };
    let name = |session: &Session| format!("{} (version {})", session.target.origin(), session.capabilities.version);
    let other = sessions.find(|other| {
        let (one, other) = (&first.capabilities, &other.capabilities);
        one.version != other.version || one.fingerprint() != other.fingerprint()
    });
    other.map_or(Ok(()), |other| Err(RunError::Unlike(name(first), name(other))))
}
