//! A running server: how a run reaches it, and where its journal is.

use std::path::PathBuf;
use std::sync::Arc;

use super::preflight::Consents;
use super::{Journal, JournalError};
use crate::immich::{Access, ApiKey, Dialect, Immich, TargetError};

/// A server that runs already.
#[derive(Debug, Clone)]
pub struct Server {
    /// Its address.
    pub url: String,
    /// An administrator's key; empty if nothing needs one.
    pub key: ApiKey,
    /// What it calls routes, settings and members.
    pub dialect: Arc<Dialect>,
    /// How its settings are dealt with.
    pub access: Access,
    /// How many replicas share its address.
    pub replicas: u32,
    /// Where the write-ahead journal is.
    pub journal: PathBuf,
    /// What the caller consents to.
    pub consents: Consents,
}

impl Server {
    /// The adapter to it.
    pub fn immich(&self, client: reqwest::Client) -> Result<Immich, TargetError> {
        let immich = Immich::new(client, &self.url, self.key.clone())?.with_dialect(Arc::clone(&self.dialect));
        Ok(immich.with_access(&self.access).with_replicas(self.replicas))
    }

    /// Whether something is left at it that `restore` has to finish.
    pub fn is_unfinished(&self) -> bool {
        match self.journal.exists().then(|| Journal::open(&self.journal, &self.key)) {
            Some(Ok(journal)) => journal.originals().is_some(),
            // This process, which did not wait for a change that is under way;
            // another run's journal is its own affair.
            Some(Err(JournalError::Locked { process, .. })) => process == Some(std::process::id()),
            _ => false,
        }
    }
}
