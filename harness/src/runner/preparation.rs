//! Prepares a run: makes the workers, checks the target, and restores what an
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
use crate::guard::{Custody, Manner, Preflight, Server, StepFault, Waiting, preflight, prove_key};
use crate::immich::{Access, Immich, TargetError};
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
    /// The server that is judged; none if it is the reference server.
    pub(super) fn judged(&self) -> Result<Option<Judged<'_>>, TargetError> {
        let judged = |server| {
            let target = Server::immich(server, self.options.client.clone())?;
            Ok(Judged { server, target, custody: OnceLock::new() })
        };
        self.server().map(judged).transpose()
    }

    /// The worker for the server, and what came of the honest sign-ins; or workers
    /// with reference servers, no more than there are tests.
    pub(super) async fn workers(
        &self,
        judged: Option<&Judged<'_>>,
        tests: usize,
        events: &Events,
    ) -> Result<(Vec<Worker>, Vec<SignInReport>), RunError> {
        let mut workers = Vec::new();
        if let TargetChoice::Reference { version, defects, jobs } = &self.target {
            for index in 0..(*jobs).min(tests).max(1) {
                let seed = self.options.seed.wrapping_add(index as u64);
                let options = WorkerOptions { seed, ..self.options.for_worker(index)? };
                workers.push(Worker::with_reference(options, version, defects).await?);
            }
        }
        let Some(judged) = judged else { return Ok((workers, Vec::new())) };
        match self.look_at(judged, events, self.continue_anyway).await? {
            (checked, Some(worker)) => Ok((vec![worker], checked.sign_ins)),
            (checked, None) => Err(checked.failure().unwrap_or(RunError::Interrupted)),
        }
    }

    /// Looks at the server and leaves it as it was, or, where a killed run
    /// left something, as that found it. The honest sign-in points its settings
    /// to the provider for a moment, under the guard of the journal; all other
    /// checks change nothing. Returns none for the reference server.
    pub async fn preflight(&self, mut observe: impl FnMut(&Event)) -> Result<Option<CheckedServer>, RunError> {
        let Some(judged) = self.judged()? else { return Ok(None) };
        let mut interruption = Interruption::listen();
        let (events, mut heard) = Events::heard();
        let looked = Box::pin(async {
            tokio::select! {
                looked = self.look_alone(&judged, &events) => looked.map(Some),
                () = interruption.wait() => Err(self.interrupted(Some(&judged), &mut interruption).await),
            }
        });
        observed(looked, &mut heard, &mut observe).await
    }

    /// The checks without a run after them.
    async fn look_alone(&self, judged: &Judged<'_>, events: &Events) -> Result<CheckedServer, RunError> {
        let (checked, worker) = self.look_at(judged, events, false).await?;
        if let Some(worker) = worker {
            worker.finish().await?;
        }
        Ok(checked)
    }

    /// The checks, and a worker if all of them are good, or the run plays on
    /// where only the sign-in is not.
    async fn look_at(
        &self,
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
        let mut worker = Worker::with_target(self.options.clone(), held, server, capabilities).await?;
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

    /// Puts back what the journal says, if the server was taken over.
    pub(super) async fn clean_up(&self, judged: Option<&Judged<'_>>) -> Result<(), RunError> {
        if let Some(custody) = judged.and_then(|judged| judged.custody.get()) {
            custody.give_back(Manner { abrupt: true, ..Manner::default() }).await?;
        }
        Ok(())
    }

    /// Puts everything back after an interruption, and does not wait for it
    /// where there is another one. Returns how the run ends.
    pub(super) async fn interrupted(&self, judged: Option<&Judged<'_>>, again: &mut Interruption) -> RunError {
        tokio::select! {
            cleaned = self.clean_up(judged) => cleaned.err().unwrap_or(RunError::Interrupted),
            () = again.wait() => RunError::Abandoned,
        }
    }
}
