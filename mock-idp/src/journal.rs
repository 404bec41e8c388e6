//! Every request at an issuer and its answer, in order.
//!
//! Bounded, by number and by bytes; the oldest entries go first. One can wait for an entry without
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

impl Entry {
    /// How much memory it takes, in bytes, give or take the allocator's share.
    fn bytes(&self) -> usize {
        let texts = [&self.method, &self.path, &self.raw_query, &self.body, &self.response_body];
        let names = self.altered_by.iter().chain(&self.overlay_error);
        let pairs = [&self.headers, &self.parameters, &self.response_headers].into_iter().flatten();
        let texts: usize = texts.into_iter().chain(names).map(|text| size_of::<String>() + text.len()).sum();
        let pairs: usize = pairs.map(|(name, value)| 2 * size_of::<String>() + name.len() + value.len()).sum();
        size_of::<Self>() + texts + pairs
    }
}

/// A position in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(u64);

/// How many entries are kept, and how much memory they may take. A usual
/// entry takes some two kilobytes, but a body may have sixty-four.
const CAPACITY: Bounds = Bounds { entries: 4096, bytes: 4 * 1024 * 1024 };

#[derive(Debug, Clone, Copy)]
struct Bounds {
    entries: usize,
    bytes: usize,
}

/// The journal of one issuer.
#[derive(Debug, Default)]
pub struct Journal {
    entries: Mutex<Entries>,
    written: Notify,
}

#[derive(Debug, Default)]
struct Entries {
    kept: VecDeque<Entry>,
    bytes: usize,
    next: u64,
}

impl Entries {
    fn push(&mut self, mut entry: Entry, bounds: Bounds) {
        entry.sequence = self.next;
        self.next += 1;
        self.bytes += entry.bytes();
        self.kept.push_back(entry);
        // The latest stays, however large it is: somebody waits for it.
        while self.kept.len() > 1 && (self.kept.len() > bounds.entries || self.bytes > bounds.bytes) {
            self.bytes -= self.kept.pop_front().map_or(0, |oldest| oldest.bytes());
        }
    }
}

impl Journal {
    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self, entry: Entry) {
        self.lock().push(entry, CAPACITY);
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;

    use super::*;

    fn entry(body: usize) -> Entry {
        Entry {
            sequence: 0,
            endpoint: Endpoint::Token,
            method: "POST".into(),
            path: "/token".into(),
            raw_query: String::new(),
            headers: vec![("host".into(), "h".into())],
            body: "a".repeat(body),
            parameters: Vec::new(),
            status: 200,
            response_headers: Vec::new(),
            response_body: String::new(),
            altered_by: vec!["a-quirk".into()],
            overlay_error: None,
        }
    }

    #[rstest]
    #[case::many_small_ones(10, 4, 4)]
    #[case::a_few_large_ones(30_000, 10, 3)]
    #[case::larger_than_everything(200_000, 3, 1)]
    fn the_oldest_go_first(#[case] body: usize, #[case] written: u64, #[case] kept: u64) {
        let mut entries = Entries::default();
        for _ in 0..written {
            entries.push(entry(body), Bounds { entries: 4, bytes: 100_000 });
        }
        let sequences: Vec<u64> = entries.kept.iter().map(|entry| entry.sequence).collect();
        assert_eq!(sequences, (written - kept..written).collect::<Vec<_>>());
        assert_eq!(entries.bytes, entries.kept.iter().map(Entry::bytes).sum::<usize>());
    }

    #[test]
    fn a_large_body_makes_room_for_itself_only() {
        let mut entries = Entries::default();
        for body in [10, 10, 99_000, 10] {
            entries.push(entry(body), Bounds { entries: 4, bytes: 100_000 });
        }
        assert_eq!(entries.kept.iter().map(|entry| entry.sequence).collect::<Vec<_>>(), [2, 3]);
        entries.push(entry(10), Bounds { entries: 1, bytes: 100_000 });
        assert_eq!(entries.kept.back().unwrap().sequence, 4);
        assert_eq!(entries.kept.len(), 1);
    }
}
