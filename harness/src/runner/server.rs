//! A server that runs already: how a run comes to it, and what keeps two runs
//! apart.

use std::path::PathBuf;
use std::time::Duration;

use super::RunError;
use crate::guard::{Journal, JournalError, Restored, Unfinished, restore};
use crate::target::{Access, ApiKey, Consents, Immich, TargetError};

/// A server that runs already.
#[derive(Debug, Clone)]
pub struct Server {
    /// Its address.
    pub url: String,
    /// An administrator's key; empty if nothing needs one.
    pub key: ApiKey,
    /// How its settings are dealt with.
    pub access: Access,
    /// How many replicas share its address.
    pub replicas: u32,
    /// Where the write-ahead journal is.
    pub journal: PathBuf,
    /// What whoever runs it agrees to.
    pub consents: Consents,
}

/// How often it is looked whether another run is over.
const PAUSE: Duration = Duration::from_millis(100);

impl Server {
    /// The adapter to it.
    pub fn immich(&self, client: reqwest::Client) -> Result<Immich, TargetError> {
        Ok(Immich::new(client, &self.url, self.key.clone())?.with_access(&self.access).with_replicas(self.replicas))
    }

    /// Opens the journal. Where another run holds it, `waiting` is told so
    /// once, and this one waits; without `waiting`, that is an error.
    pub(super) async fn queue(
        &self,
        waiting: Option<fn(&JournalError)>,
    ) -> Result<(Journal, Unfinished), JournalError> {
        let mut told = false;
        loop {
            match (Journal::open(&self.journal, &self.key), waiting) {
                (Err(error @ JournalError::Locked { .. }), Some(tell)) => {
                    if !told {
                        tell(&error);
                    }
                    told = true;
                }
                (opened, _) => return opened,
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Whether something is left at it that `restore` has to finish.
    pub fn is_unfinished(&self) -> bool {
        // Another run's journal is its own affair.
        let opened = || Journal::open(&self.journal, &self.key);
        self.journal.exists() && opened().is_ok_and(|(_, unfinished)| unfinished != Unfinished::default())
    }

    /// Puts back what the journal says.
    pub(super) async fn clean_up(&self, target: &Immich) -> Result<Restored, RunError> {
        if self.access == Access::ReadOnly {
            return Ok(Restored::default());
        }
        let (journal, unfinished) = match Journal::open(&self.journal, &self.key) {
            // This run was only waiting for its turn.
            Err(JournalError::Locked { .. }) => return Ok(Restored::default()),
            opened => opened?,
        };
        Ok(restore(target, journal, unfinished, false).await?)
    }
}
