//! The write-ahead journal of a run: what the harness must restore at a server,
//! on disk before each change, and the lock that keeps a second run away.
//!
//! Each write replaces the whole file by a rename, so the file is always
//! complete. [`super::seal`] defines its content.

use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::fault::JournalError;
use super::journal_path::beside;
use super::lock::Lock;
use super::originals::{Originals, Written};
use super::seal;
use crate::folder::folder_of;
use crate::immich::{ApiKey, Sections};

/// A journal, open and locked.
#[derive(Debug)]
pub struct Journal {
    disk: Option<Disk>,
    originals: Option<Originals>,
}

/// Where a journal is kept.
#[derive(Debug)]
struct Disk {
    path: PathBuf,
    key: ApiKey,
    /// Given up last.
    _lock: Lock,
}

impl Journal {
    /// A journal in memory, for this process only.
    pub fn in_memory() -> Self {
        Self { disk: None, originals: None }
    }

    /// Opens and locks the journal at `path`. Fails if another run holds it,
    /// or where it cannot be read.
    pub fn open(path: &Path, key: &ApiKey) -> Result<Self, JournalError> {
        let mut journal = Self::lock(path, key)?;
        journal.read()?;
        Ok(journal)
    }

    /// Locks the journal at `path` and does not read it yet.
    pub(super) fn lock(path: &Path, key: &ApiKey) -> Result<Self, JournalError> {
        let disk = |error: std::io::Error| JournalError::Disk { path: path.to_owned(), reason: error.to_string() };
        std::fs::create_dir_all(folder_of(path)).map_err(disk)?;
        let lock = Lock::take(&beside(path, ".lock"), path)?;
        // What a killed run was about to write was not yet true.
        let unfinished = beside(path, ".new");
        if content(&unfinished)?.is_some() {
            std::fs::remove_file(&unfinished).map_err(disk)?;
        }
        let disk = Disk { path: path.to_owned(), key: key.clone(), _lock: lock };
        Ok(Self { disk: Some(disk), originals: None })
    }

    /// Reads what an unfinished run left.
    pub(super) fn read(&mut self) -> Result<(), JournalError> {
        let Some(disk) = &self.disk else { return Ok(()) };
        if let Some(content) = content(&disk.path)? {
            self.originals = seal::read(&content, &disk.path, &disk.key)?;
        }
        Ok(())
    }

    /// What the harness must restore, if anything.
    pub fn originals(&self) -> Option<&Originals> {
        self.originals.as_ref()
    }

    /// Writes, before the first change, what the harness must restore. It is on
    /// disk when this returns.
    pub fn begin(&mut self, originals: Originals) -> Result<(), JournalError> {
        let standing = originals.settings.clone();
        self.write(Originals { written: Some(Written { standing, sent: Vec::new() }), ..originals })
    }

    /// Writes what is about to be sent to the server.
    pub(super) fn intend(&mut self, sections: &Sections) -> Result<(), JournalError> {
        let Some(mut originals) = self.originals.clone() else { return Ok(()) };
        originals.written.get_or_insert_default().sent.push(sections.clone());
        self.write(originals)
    }

    /// Notes what the server shows after a change that it made. That goes to
    /// disk only where it is not what was sent, which is there already.
    pub(super) fn note(&mut self, shown: Sections) -> Result<(), JournalError> {
        let Some(mut originals) = self.originals.clone() else { return Ok(()) };
        let known = originals.changed_by_others(&shown).is_empty();
        originals.written = Some(Written { standing: shown, sent: Vec::new() });
        if known {
            self.originals = Some(originals);
            return Ok(());
        }
        self.write(originals)
    }

    fn write(&mut self, originals: Originals) -> Result<(), JournalError> {
        if let Some(disk) = &self.disk {
            let fault = |reason: String| JournalError::Disk { path: disk.path.clone(), reason };
            let line = seal::write(&originals, &disk.key).map_err(fault)?;
            replace(&disk.path, line.as_bytes()).map_err(|error| fault(error.to_string()))?;
        }
        self.originals = Some(originals);
        Ok(())
    }

    /// Everything is restored, and `done` says so: takes the file away, and
    /// keeps the lock.
    pub(super) fn clear(&mut self, done: &dyn Display) -> Result<(), JournalError> {
        self.originals = None;
        let Some(disk) = &self.disk else { return Ok(()) };
        let fault = |error: std::io::Error| JournalError::Stays {
            path: disk.path.clone(),
            done: done.to_string(),
            reason: error.to_string(),
        };
        match std::fs::remove_file(&disk.path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            removed => removed.map_err(fault)?,
        }
        sync_folder(&disk.path).map_err(fault)
    }
}

/// The content of a file that is ours; nothing where there is none.
fn content(path: &Path) -> Result<Option<Vec<u8>>, JournalError> {
    let disk = |error: std::io::Error| JournalError::Disk { path: path.to_owned(), reason: error.to_string() };
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Ok(metadata) if !metadata.is_file() => return Err(JournalError::Foreign(path.to_owned())),
        metadata => metadata.map_err(disk)?,
    };
    let content = std::fs::read(path).map_err(disk)?;
    if seal::is_ours(&content) { Ok(Some(content)) } else { Err(JournalError::Foreign(path.to_owned())) }
}

/// Replaces a file at one stroke; on disk, name and all, when this returns.
fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let new = beside(path, ".new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    let written = file.write_all(content).and_then(|()| file.sync_all()).and_then(|()| std::fs::rename(&new, path));
    if written.is_err() {
        // A full disk has no room for it.
        let _ = std::fs::remove_file(&new);
    }
    written.and_then(|()| sync_folder(path))
}

fn sync_folder(path: &Path) -> std::io::Result<()> {
    File::open(folder_of(path))?.sync_all()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::immich::sections_of;

    fn key() -> ApiKey {
        ApiKey::new("the key")
    }

    fn sections(text: &str) -> Sections {
        sections_of(&json!({"oauth": {"clientSecret": text}}))
    }

    fn originals() -> Originals {
        let text = json!({"target": "http://t", "mark": "m", "originals": sections("theirs")});
        serde_json::from_value(text).unwrap()
    }

    fn names(folder: &Path) -> usize {
        std::fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn what_is_begun_survives_until_it_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/a.journal");
        let mut journal = Journal::open(&path, &key()).unwrap();
        assert_eq!(journal.originals(), None);
        journal.begin(originals()).unwrap();
        journal.intend(&sections("ours")).unwrap();
        assert!(matches!(Journal::open(&path, &key()), Err(JournalError::Locked { .. })));
        drop(journal);
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions()) & 0o777, 0o600);
        assert!(matches!(Journal::open(&path, &ApiKey::new("another")), Err(JournalError::Sealed(_))));
        let mut journal = Journal::open(&path, &key()).unwrap();
        let written = journal.originals().and_then(|originals| originals.written.clone()).unwrap();
        assert_eq!((written.standing, written.sent), (sections("theirs"), vec![sections("ours")]));
        journal.clear(&"done").unwrap();
        drop(journal);
        assert_eq!(names(path.parent().unwrap()), 0);
    }

    /// What the server makes of a value is what must be there the next time.
    #[test]
    fn what_the_server_shows_is_written_where_it_is_not_what_was_sent() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.journal");
        let mut journal = Journal::open(&path, &key()).unwrap();
        journal.begin(originals()).unwrap();
        for (shown, on_disk) in [("sent", "theirs"), ("made of it", "made of it")] {
            journal.intend(&sections("sent")).unwrap();
            journal.note(sections(shown)).unwrap();
            drop(journal);
            journal = Journal::open(&path, &key()).unwrap();
            let written = journal.originals().and_then(|originals| originals.written.clone()).unwrap();
            assert_eq!(written.standing, sections(on_disk));
        }
    }

    #[test]
    fn what_was_not_wholly_written_never_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.journal");
        Journal::open(&path, &key()).unwrap().begin(originals()).unwrap();
        std::fs::write(beside(&path, ".new"), "{\"oidc-harness-jour").unwrap();
        let journal = Journal::open(&path, &key()).unwrap();
        assert_eq!(journal.originals().map(|originals| &originals.mark), Some(&"m".to_owned()));
        drop(journal);
        assert_eq!(names(folder.path()), 1);
    }

    #[test]
    fn the_files_of_others_are_left_alone() {
        for name in ["a.journal", "a.journal.new", "a.journal.lock"] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(name);
            std::fs::write(&path, "dear diary\n").unwrap();
            let opened = Journal::open(&folder.path().join("a.journal"), &key());
            assert!(matches!(&opened, Err(JournalError::Foreign(found)) if *found == path), "{opened:?}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), "dear diary\n");
            assert_eq!(names(folder.path()), 1);
        }
    }

    #[test]
    fn a_missing_folder_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Journal::open(folder.path(), &key()), Err(JournalError::Foreign(_))));
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let error = Journal::open(&file.join("a.journal"), &key()).unwrap_err();
        assert!(matches!(error, JournalError::Disk { .. }), "{error}");
    }
}
