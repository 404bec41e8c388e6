//! Before the first test and after an interrupted one: the workers are made,
//! the target is looked at, and what a broken run left is put back.

use mock_idp::{Clock, Tls};

use super::RunError;
use super::reachability::reach;
use super::run::{Run, TargetChoice};
use super::worker::{Worker, WorkerError, WorkerOptions};
use crate::target::{Immich, Journal, Preflight, Restored, StepFault, TargetError, Unfinished, preflight, restore};

impl Run {
    /// The server that is judged, if it is not one of our own.
    pub(super) fn immich(&self) -> Result<Option<Immich>, TargetError> {
        match &self.target {
            TargetChoice::Reference { .. } => Ok(None),
            TargetChoice::Server { url, key, .. } => {
                Immich::new(self.options.client.clone(), url, key.clone()).map(Some)
            }
        }
    }

    pub(super) async fn workers(&self, immich: Option<&Immich>) -> Result<Vec<Worker>, RunError> {
        match (&self.target, immich) {
            (TargetChoice::Reference { defects, jobs }, _) => {
                let mut workers = Vec::new();
                for index in 0..(*jobs).max(1) {
                    let seed = self.options.seed.wrapping_add(index as u64);
                    let options = WorkerOptions { seed, ..self.options.clone() };
                    workers.push(Worker::with_reference(options, defects).await?);
                }
                Ok(workers)
            }
            (TargetChoice::Server { .. }, Some(target)) => {
                let (found, worker) = self.look_at(target).await?;
                match worker {
                    Some(worker) => Ok(vec![worker]),
                    None => Err(found.failure().cloned().map_or(RunError::Interrupted, RunError::Target)),
                }
            }
            (TargetChoice::Server { .. }, None) => Ok(Vec::new()),
        }
    }

    /// Looks at the target and leaves it as it was. The check that it reaches
    /// the provider points its settings there for a moment, under the guard
    /// of the journal; all others change nothing.
    pub async fn preflight(&self) -> Result<Preflight, RunError> {
        let Some(target) = self.immich()? else { return Ok(Preflight::default()) };
        let (found, worker) = self.look_at(&target).await?;
        if let Some(worker) = worker {
            worker.finish().await?;
        }
        Ok(found)
    }

    /// The checks, and a worker if all of them are good.
    async fn look_at(&self, target: &Immich) -> Result<(Preflight, Option<Worker>), RunError> {
        let TargetChoice::Server { key, journal, consents, .. } = &self.target else {
            return Ok((Preflight::default(), None));
        };
        // What is wrong with server or key is told before anything about
        // journals: whoever has to restore needs both.
        target.ping().await?;
        target.settings().await?;
        let (mut opened, unfinished) = Journal::open(journal, key)?;
        if unfinished != Unfinished::default() {
            // A killed run left something; that comes first.
            restore(target, opened, unfinished, false).await?;
            opened = Journal::open(journal, key)?.0;
        }
        let (mut found, capabilities) = preflight(target, *consents, Clock::system().now()).await;
        let Some(capabilities) = capabilities else {
            // Nothing was begun.
            opened.finish()?;
            return Ok((found, None));
        };
        let mut worker = Worker::with_target(self.options.clone(), target.clone(), capabilities, opened).await?;
        let mut ways = vec![("it reaches the provider", Tls::None)];
        if self.options.authority.is_some() {
            ways.push(("it trusts the provider's certificate authority", Tls::Trusted));
        }
        for (name, tls) in ways {
            let unreached = match reach(&mut worker, tls).await {
                Ok(text) => {
                    found.note(name, Ok(text));
                    continue;
                }
                Err(error) => error,
            };
            worker.finish().await?;
            return match unreached {
                WorkerError::Target(error) | WorkerError::Fault(StepFault::Target(error)) => {
                    found.note(name, Err(error));
                    Ok((found, None))
                }
                error => Err(error.into()),
            };
        }
        Ok((found, Some(worker)))
    }

    /// Whether something is left at the server that `restore` has to finish.
    pub fn is_unfinished(&self) -> bool {
        let TargetChoice::Server { key, journal, .. } = &self.target else { return false };
        // Another run's journal is its own affair.
        journal.exists() && Journal::open(journal, key).is_ok_and(|(_, unfinished)| unfinished != Unfinished::default())
    }

    /// Puts back what the journal says.
    pub(super) async fn clean_up(&self, immich: Option<&Immich>) -> Result<Restored, RunError> {
        let (TargetChoice::Server { key, journal, .. }, Some(target)) = (&self.target, immich) else {
            return Ok(Restored::default());
        };
        let (journal, unfinished) = Journal::open(journal, key)?;
        Ok(restore(target, journal, unfinished, false).await?)
    }
}
