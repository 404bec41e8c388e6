//! Every request at an issuer and its answer, in order.
//!
//! Bounded; the oldest entries go first. One can wait for an entry without
//! polling. What is secret in it is for the reader to hide.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

/// Where a request went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// The discovery document.
    Discovery,
    /// The key set.
    Jwks,
    /// The authorization endpoint.
    Authorization,
    /// The token endpoint.
    Token,
    /// The `UserInfo` endpoint.
    UserInfo,
    /// The end-session endpoint.
    EndSession,
    /// A key set that is not the provider's, to which only wrong tokens lead.
    ForeignKeys,
    /// Not a request: a logout token that was issued.
    LogoutToken,
    /// Some other path below the issuer.
    Unknown,
}

/// One request and its answer.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Position in the journal, from 0.
    pub sequence: u64,
    /// Where it went.
    pub endpoint: Endpoint,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path.
    pub path: String,
    /// The query as it stood.
    pub raw_query: String,
    /// Request headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The request body as it stood.
    pub body: String,
    /// Parameters of query and form body, decoded, in order.
    pub parameters: Vec<(String, String)>,
    /// The answer's status.
    pub status: u16,
    /// The answer's headers.
    pub response_headers: Vec<(String, String)>,
    /// The answer's body; for a logout token, the token.
    pub response_body: String,
    /// Quirks and overlays that really changed what was answered.
    pub altered_by: Vec<String>,
    /// An overlay that did not find what it wanted to change.
    pub overlay_error: Option<String>,
}

/// A position in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(u64);

/// How many entries are kept.
const CAPACITY: usize = 4096;

/// The journal of one issuer.
#[derive(Debug, Default)]
pub struct Journal {
    entries: Mutex<Entries>,
    written: Notify,
}

#[derive(Debug, Default)]
struct Entries {
    kept: VecDeque<Entry>,
    next: u64,
}

impl Journal {
    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self, mut entry: Entry) {
        let mut entries = self.lock();
        entry.sequence = entries.next;
        entries.next += 1;
        if entries.kept.len() == CAPACITY {
            entries.kept.pop_front();
        }
        entries.kept.push_back(entry);
        drop(entries);
        self.written.notify_waiters();
    }

    /// Where the journal ends now.
    pub fn mark(&self) -> Mark {
        Mark(self.lock().next)
    }

    /// Everything since `mark` that is still kept.
    pub fn entries_since(&self, mark: Mark) -> Vec<Entry> {
        self.lock().kept.iter().filter(|entry| entry.sequence >= mark.0).cloned().collect()
    }

    /// Everything that is still kept.
    pub fn entries(&self) -> Vec<Entry> {
        self.entries_since(Mark(0))
    }

    /// Waits for an entry since `mark`; none if `deadline` passes first.
    pub async fn wait_for(&self, mark: Mark, wanted: impl Fn(&Entry) -> bool, deadline: Duration) -> Option<Entry> {
        let found = async {
            loop {
                let written = self.written.notified();
                if let Some(entry) = self.entries_since(mark).into_iter().find(&wanted) {
                    return entry;
                }
                written.await;
            }
        };
        tokio::time::timeout(deadline, found).await.ok()
    }
}
