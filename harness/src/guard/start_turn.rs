//! The turn to start a server: of several processes that start the same one, a
//! single process has it at a time. Starting is for [`crate::cargo_test`].

use std::path::Path;
use std::time::Duration;

use super::fault::JournalError;
use super::journal_path::{beside, journal_path};
use super::lock::Lock;
use crate::folder::folder_of;

/// How often a process looks whether it is its turn.
const PAUSE: Duration = Duration::from_millis(100);

/// Held while the server of a process runs.
#[derive(Debug)]
pub struct StartTurn {
    _lock: Lock,
}

impl StartTurn {
    /// Waits for the turn to start the server at `url`.
    pub fn take(url: &str) -> Result<Self, JournalError> {
        Self::beside(&journal_path(None, url)?)
    }

    fn beside(journal: &Path) -> Result<Self, JournalError> {
        let disk = |error: std::io::Error| JournalError::Disk { path: journal.to_owned(), reason: error.to_string() };
        std::fs::create_dir_all(folder_of(journal)).map_err(disk)?;
        loop {
            match Lock::take(&beside(journal, ".start"), journal) {
                Ok(lock) => return Ok(Self { _lock: lock }),
                Err(JournalError::Locked { .. }) => std::thread::sleep(PAUSE),
                Err(error) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn one_after_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("state/journal");
        let first = StartTurn::beside(&journal).unwrap();
        let (sender, second) = mpsc::channel();
        let waiting = std::thread::spawn(move || sender.send(StartTurn::beside(&journal).map(drop)).unwrap());
        assert!(second.recv_timeout(PAUSE * 3).is_err(), "two have the turn");
        drop(first);
        second.recv_timeout(PAUSE * 100).unwrap().unwrap();
        waiting.join().unwrap();
    }
}
