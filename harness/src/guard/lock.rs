//! The lock that keeps a second run away from a server: an empty file beside
//! the journal. The journal cannot be the lock, because each write replaces it.
//! The holder of the lock removes the file at the end.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use super::fault::JournalError;

/// A lock that is held.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    file: File,
}

impl Lock {
    /// Takes the lock at `path` for the journal at `journal`. Fails at once if
    /// another run holds it, or if the file is not a journal.
    pub(super) fn take(path: &Path, journal: &Path) -> Result<Self, JournalError> {
        let disk = |error: std::io::Error| JournalError::Disk { path: path.to_owned(), reason: error.to_string() };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        loop {
            let file = options.open(path).map_err(disk)?;
            let metadata = file.metadata().map_err(disk)?;
            if !metadata.is_file() || metadata.len() > 0 {
                return Err(JournalError::Foreign(path.to_owned()));
            }
            match file.try_lock() {
                Ok(()) if is_still_there(&file, path) => return Ok(Self { path: path.to_owned(), file }),
                // Its holder took it away in between: it keeps no run out any more.
                Ok(()) => {}
                Err(std::fs::TryLockError::WouldBlock) => {
                    return Err(JournalError::Locked { path: journal.to_owned(), process: holder(&file) });
                }
                Err(std::fs::TryLockError::Error(error)) => return Err(disk(error)),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Before the lock is given up with the file.
        if is_still_there(&self.file, &self.path) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(unix)]
fn is_still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |file: std::io::Result<std::fs::Metadata>| file.ok().map(|file| (file.dev(), file.ino()));
    place(file.metadata()) == place(std::fs::metadata(path))
}

#[cfg(not(unix))]
fn is_still_there(_: &File, path: &Path) -> bool {
    path.exists()
}

/// The process that holds the lock on this file, if Linux names it.
#[cfg(target_os = "linux")]
fn holder(file: &File) -> Option<u32> {
    let inode = std::os::unix::fs::MetadataExt::ino(&file.metadata().ok()?);
    let listed = || {
        let locks = std::fs::read_to_string("/proc/locks").ok()?;
        let line = locks.lines().find(|line| line.contains("FLOCK") && line.contains(&format!(":{inode} ")))?;
        line.split_whitespace().nth(4)?.parse().ok().filter(|id| *id > 0)
    };
    // The kernel leaves a lock out of the list where another one is given up
    // while it is read.
    (0..5).find_map(|_| listed())
}

#[cfg(not(target_os = "linux"))]
fn holder(_: &File) -> Option<u32> {
    None
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use super::*;

    #[test]
    fn one_holds_it_and_takes_it_away() {
        let folder = tempfile::tempdir().unwrap();
        let (path, journal) = (folder.path().join("lock"), folder.path().join("journal"));
        let lock = Lock::take(&path, &journal).unwrap();
        let process = cfg!(target_os = "linux").then(std::process::id);
        let second = Lock::take(&path, &journal);
        assert!(matches!(second, Err(JournalError::Locked { process: found, .. }) if found == process), "{second:?}");
        drop(lock);
        assert!(!path.exists());
        drop(Lock::take(&path, &journal).unwrap());
    }

    #[test]
    fn the_file_of_another_program_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        std::fs::write(&path, "dear diary").unwrap();
        assert!(matches!(Lock::take(&path, &path), Err(JournalError::Foreign(_))));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "dear diary");
    }
}
