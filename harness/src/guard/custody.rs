//! A server that a run has taken over: the one path in, and the one path out.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, OwnedMutexGuard};

use super::leftovers::{look, restore_to_defaults};
use super::restore::give_back;
use super::restored::Manner;
use super::{Journal, JournalError, Restored, Server, StepFault};
use crate::immich::{ApiKey, Immich};

/// A server that a run has taken over: its lock is held as long as one of
/// these is there. Clones are the same.
#[derive(Debug, Clone)]
pub struct Custody {
    target: Immich,
    /// A change of settings holds it, so that an interrupted change ends before
    /// the harness restores anything.
    journal: Arc<Mutex<Journal>>,
}

/// Told of the other run that has a server.
pub type Waiting<'a> = &'a (dyn Fn(JournalError) + Sync);

/// How often it is looked whether another run is over.
const PAUSE: Duration = Duration::from_millis(100);

impl Custody {
    /// Takes a server over. Where another run has it, `waiting` is called once,
    /// and this one waits; without `waiting`, that is an error.
    pub async fn take(server: &Server, target: &Immich, waiting: Option<Waiting<'_>>) -> Result<Self, JournalError> {
        Ok(Self::of(target, queue(server, waiting).await?))
    }

    /// Finishes what an earlier run left, if one did; nothing may be changed
    /// before. Returns what that was.
    pub async fn settle(&self) -> Result<Option<Restored>, StepFault> {
        if self.journal().await.originals().is_none() {
            return Ok(None);
        }
        self.give_back(Manner { abrupt: true, ..Manner::default() }).await.map(Some)
    }

    /// Holds a server that ends with this process, or at which nothing
    /// is changed.
    pub fn without_journal(target: &Immich) -> Self {
        Self::of(target, Journal::in_memory())
    }

    fn of(target: &Immich, journal: Journal) -> Self {
        Self { target: target.clone(), journal: Arc::new(Mutex::new(journal)) }
    }

    /// The server.
    pub fn target(&self) -> &Immich {
        &self.target
    }

    /// The journal, once no change is under way.
    pub(super) async fn journal(&self) -> OwnedMutexGuard<Journal> {
        Arc::clone(&self.journal).lock_owned().await
    }

    /// Leaves the server as it was, once the change that is under way is over.
    pub async fn give_back(&self, manner: Manner) -> Result<Restored, StepFault> {
        give_back(&self.target, &mut *self.journal().await, manner).await
    }
}

/// Opens the journal, and waits for it where that is wanted.
async fn queue(server: &Server, waiting: Option<Waiting<'_>>) -> Result<Journal, JournalError> {
    let mut told = false;
    loop {
        match (Journal::open(&server.journal, &server.key), waiting) {
            (Err(error @ JournalError::Locked { .. }), Some(tell)) => {
                if !told {
                    tell(error);
                }
                told = true;
            }
            (opened, _) => return opened,
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Finishes what a run left at a server, by its journal at `path`, which is
/// sealed with `key`. Returns nothing where no run left anything.
pub async fn restore(
    target: &Immich,
    path: &Path,
    key: &ApiKey,
    force: bool,
    leave_accounts: bool,
) -> Result<Option<Restored>, StepFault> {
    let mut journal = Journal::open(path, key)?;
    if journal.originals().is_none() {
        journal.clear(&"the server needed no restoring")?;
        look(target, !leave_accounts).await?;
        return Ok(None);
    }
    give_back(target, &mut journal, Manner { force, abrupt: true }).await.map(Some)
}

/// Takes away what runs left at a server where there is no journal that could
/// be read; one that can be read is an error.
pub async fn restore_without_journal(target: &Immich, path: &Path, key: &ApiKey) -> Result<Restored, StepFault> {
    let mut journal = Journal::lock(path, key)?;
    match journal.read() {
        Ok(()) if journal.originals().is_some() => return Err(JournalError::Readable(path.to_owned()).into()),
        Ok(()) | Err(JournalError::Damaged(_) | JournalError::Sealed(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let restored = restore_to_defaults(target).await?;
    journal.clear(&restored)?;
    Ok(restored)
}
