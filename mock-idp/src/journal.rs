//! Every request at an issuer and its answer, in order.
//!
//! Bounded, by number and by bytes; the oldest entries go first, and a reader
//! who asks for one of those learns that it is gone. One can wait for an entry
//! without polling. What is secret in it is for the reader to hide.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::journal_entry::Entry;
use crate::packed_entry::PackedEntry;

/// A position in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(u64);

impl Mark {
    /// Before the entry of that sequence number.
    pub const fn before(sequence: u64) -> Self {
        Self(sequence)
    }
}

/// The journal dropped entries that were asked for. What they said is unknown,
/// so nothing can be concluded from the entries that are left.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the provider's journal was full and dropped {dropped} entries that the harness needs")]
pub struct Forgotten {
    /// How many were dropped.
    pub dropped: u64,
    /// The later entries, which are still there.
    pub kept: Vec<Entry>,
}

/// How many entries are kept, and how much memory they may take. A usual
/// entry takes little more than a kilobyte, but the body of a request may have
/// sixty-four, and there are quirks that send two thousand.
const CAPACITY: Bounds = Bounds { entries: 1024, bytes: 8 * 1024 * 1024 };

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
    kept: VecDeque<PackedEntry>,
    bytes: usize,
    next: u64,
    altered_by: BTreeSet<String>,
    first_fault: Option<String>,
}

impl Entries {
    fn push(&mut self, packed: PackedEntry, bounds: Bounds) {
        self.next += 1;
        self.bytes += packed.bytes();
        self.altered_by.extend(packed.altered_by().iter().cloned());
        if self.first_fault.is_none() {
            self.first_fault = packed.fault();
        }
        self.kept.push_back(packed);
        // The latest stays, however large it is: a reader waits for it.
        while self.kept.len() > 1 && (self.kept.len() > bounds.entries || self.bytes > bounds.bytes) {
            self.bytes -= self.kept.pop_front().map_or(0, |oldest| oldest.bytes());
        }
    }

    /// The position of the oldest record that is still kept.
    fn first(&self) -> u64 {
        self.next - self.kept.len() as u64
    }

    /// The records since `mark` that are still kept, with their positions.
    fn since(&self, mark: Mark) -> impl Iterator<Item = (u64, &PackedEntry)> {
        let first = self.first();
        let skipped = usize::try_from(mark.0.saturating_sub(first)).unwrap_or(usize::MAX);
        (first..).zip(&self.kept).skip(skipped)
    }

    /// The same as entries, unless some of them were dropped.
    fn read(&self, mark: Mark) -> Result<Vec<Entry>, Forgotten> {
        let kept = self.since(mark).map(|(sequence, packed)| packed.entry(sequence)).collect();
        match self.first().saturating_sub(mark.0) {
            0 => Ok(kept),
            dropped => Err(Forgotten { dropped, kept }),
        }
    }
}

impl Journal {
    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self, packed: PackedEntry) {
        self.lock().push(packed, CAPACITY);
        self.written.notify_waiters();
    }

    /// Where the journal ends now.
    pub fn mark(&self) -> Mark {
        Mark(self.lock().next)
    }

    /// Every entry since `mark`.
    ///
    /// # Errors
    /// Some of them were dropped. Callers that only show entries take
    /// [`Forgotten::kept`]; callers that judge must not.
    pub fn entries_since(&self, mark: Mark) -> Result<Vec<Entry>, Forgotten> {
        self.lock().read(mark)
    }

    /// All entries that are still kept.
    pub fn entries(&self) -> Vec<Entry> {
        self.entries_since(Mark(0)).unwrap_or_else(|forgotten| forgotten.kept)
    }

    /// The quirks and overlays that changed an answer so far, be its entry
    /// kept or not.
    pub(crate) fn altered_by(&self) -> BTreeSet<String> {
        self.lock().altered_by.clone()
    }

    /// The reason why the provider failed for the first time, if it did: an
    /// overlay did not find what it changes, or the provider panicked.
    pub(crate) fn first_fault(&self) -> Option<String> {
        self.lock().first_fault.clone()
    }

    /// The first entry since `mark` that is kept, or will be.
    pub async fn next(&self, mark: Mark) -> Entry {
        loop {
            let written = self.written.notified();
            let found = self.lock().since(mark).next().map(|(sequence, packed)| packed.entry(sequence));
            match found {
                Some(entry) => return entry,
                None => written.await,
            }
        }
    }

    /// Waits for an entry since `mark`; none if `deadline` passes first.
    ///
    /// # Errors
    /// Some of the entries were dropped before they could be looked at.
    pub async fn wait_for(
        &self,
        mark: Mark,
        wanted: impl Fn(&Entry) -> bool,
        deadline: Duration,
    ) -> Result<Option<Entry>, Forgotten> {
        let found = async {
            let mut seen = mark;
            loop {
                let written = self.written.notified();
                let entries = self.entries_since(seen)?;
                seen = Mark(entries.last().map_or(seen.0, |entry| entry.sequence + 1));
                if let Some(entry) = entries.into_iter().find(&wanted) {
                    return Ok(Some(entry));
                }
                written.await;
            }
        };
        tokio::time::timeout(deadline, found).await.unwrap_or(Ok(None))
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use axum::http::HeaderMap;
    use rstest::rstest;

    use super::*;
    use crate::packed_entry::Answered;
    use crate::protocol::Endpoint;

    fn packed(body: usize) -> PackedEntry {
        let (headers, body) = (&HeaderMap::new(), Bytes::from(vec![b'a'; body]));
        PackedEntry::unasked(Endpoint::LogoutToken, Answered::honest(0, 200, headers, body))
    }

    fn sequences(entries: &Entries) -> Vec<u64> {
        entries.since(Mark(0)).map(|(sequence, _)| sequence).collect()
    }

    #[rstest]
    #[case::many_small_ones(10, 4, 4)]
    #[case::a_few_large_ones(30_000, 10, 3)]
    #[case::larger_than_everything(200_000, 3, 1)]
    fn the_oldest_go_first(#[case] body: usize, #[case] written: u64, #[case] kept: u64) {
        let mut entries = Entries::default();
        for _ in 0..written {
            entries.push(packed(body), Bounds { entries: 4, bytes: 100_000 });
        }
        assert_eq!(sequences(&entries), (written - kept..written).collect::<Vec<_>>());
        assert_eq!(entries.bytes, entries.kept.iter().map(PackedEntry::bytes).sum::<usize>());
    }

    #[test]
    fn a_large_body_makes_room_for_itself_only() {
        let mut entries = Entries::default();
        for body in [10, 10, 99_600, 10] {
            entries.push(packed(body), Bounds { entries: 4, bytes: 100_000 });
        }
        assert_eq!(sequences(&entries), [2, 3]);
        entries.push(packed(10), Bounds { entries: 1, bytes: 100_000 });
        assert_eq!(sequences(&entries), [4]);
    }

    /// Readers can distinguish dropped entries from requests that never came.
    #[rstest]
    #[case::all(0, 2, &[2, 3])]
    #[case::the_last_that_was_dropped(1, 1, &[2, 3])]
    #[case::the_first_that_is_kept(2, 0, &[2, 3])]
    #[case::the_newest(3, 0, &[3])]
    #[case::the_end(4, 0, &[])]
    #[case::beyond_the_end(9, 0, &[])]
    fn a_mark_is_a_position(#[case] mark: u64, #[case] dropped: u64, #[case] expected: &[u64]) {
        let mut entries = Entries::default();
        for _ in 0..4 {
            entries.push(packed(1), Bounds { entries: 2, bytes: 100_000 });
        }
        let (told, kept) = match entries.read(Mark(mark)) {
            Ok(kept) => (0, kept),
            Err(forgotten) => (forgotten.dropped, forgotten.kept),
        };
        let kept: Vec<u64> = kept.iter().map(|entry| entry.sequence).collect();
        assert_eq!((told, kept.as_slice()), (dropped, expected));
    }

    #[tokio::test]
    async fn a_reader_does_not_wait_for_dropped_entries() {
        let journal = Journal::default();
        for _ in 0..=CAPACITY.entries {
            journal.write(packed(1));
        }
        let found = journal.wait_for(Mark(0), |_| true, Duration::MAX).await;
        assert!(matches!(found, Err(Forgotten { dropped: 1, .. })), "{found:?}");
    }
}
