//! The write-ahead journal of a run: what must be put back, on disk before
//! the first change, and the lock that keeps a second run away.
//!
//! One line says it all: the settings as they were, and the mark that every
//! account of the run carries. The settings hold the server's client secret,
//! so they are sealed with a key that is derived from the API key: who wants
//! to put them back needs that one anyway. Nothing of the caller's is in it.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use aws_lc_rs::aead::{AES_256_GCM, Aad, RandomizedNonceKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use crate::folder::folder_of;
use crate::target::{ApiKey, Sections};

/// A journal, open and locked.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    key: ApiKey,
}

/// What an earlier run left to be done.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Unfinished {
    /// What the run wrote before its first change, if it got that far.
    pub begun: Option<Begun>,
}

/// What a run writes before its first change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Begun {
    /// The server.
    pub target: String,
    /// What the identities of the run carry.
    pub mark: String,
    /// The settings as they were.
    pub originals: Sections,
    /// The ids of the accounts that there were, none of which is the run's to
    /// delete, whatever it carries.
    #[serde(default)]
    pub accounts: BTreeSet<String>,
    /// The configuration file as it was, if they were changed there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<OriginalFile>,
}

/// A configuration file as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginalFile {
    /// Where it is.
    pub path: PathBuf,
    /// Every byte of it, in base64.
    content: String,
}

impl OriginalFile {
    pub(super) fn new(path: &Path, bytes: &[u8]) -> Self {
        Self { path: path.to_owned(), content: BASE64_STANDARD.encode(bytes) }
    }

    /// Its bytes. They were sealed, so nobody changed them.
    pub(super) fn bytes(&self) -> Vec<u8> {
        BASE64_STANDARD.decode(&self.content).unwrap_or_default()
    }
}

/// The line in the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(rename = "oidc-harness-journal")]
    format: u32,
    sealed: String,
}

/// How every journal begins; a file that begins otherwise is not ours.
const BEGINNING: &str = "{\"oidc-harness-journal\":1,";

/// Why there is no journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The disk.
    #[error("the journal {path} cannot be written: {reason}")]
    Disk {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// Another run.
    #[error(
        "another run is at work on this server{}: it holds the journal {path}",
        .process.map(|id| format!(" (process {id})")).unwrap_or_default()
    )]
    Locked {
        /// The journal that it holds.
        path: PathBuf,
        /// Its process, where the system tells.
        process: Option<u32>,
    },
    /// Somebody's file.
    #[error("{0} is not a journal, so it was left alone")]
    Foreign(PathBuf),
    /// Another key.
    #[error("the journal {0} was written with another API key, which is needed to read it")]
    Sealed(PathBuf),
}

impl JournalError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Disk { .. } | Self::Foreign(_) => "give another place by --journal FILE",
            Self::Locked { .. } => "wait for it, or end it: it puts everything back",
            Self::Sealed(_) => {
                "call `oidc-harness restore` with the key of that run; if it does not work any more, with a good one, and \
                 that one by --sealing-key-file FILE"
            }
        }
    }
}

impl Journal {
    /// The usual file for a server, below `folder`.
    pub fn default_path(target: &str, folder: &Path) -> PathBuf {
        let name: String = target.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        // Two servers may look alike then.
        let hash = digest(&SHA256, target.as_bytes());
        let number = hash.as_ref().iter().take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        folder.join("oidc-harness").join(format!("{name}-{number:08x}.journal"))
    }

    /// Opens and locks the journal at `path`, and says what an earlier run
    /// left. Fails if another run holds it.
    pub fn open(path: &Path, key: &ApiKey) -> Result<(Self, Unfinished), JournalError> {
        let disk = |error: std::io::Error| JournalError::Disk { path: path.to_owned(), reason: error.to_string() };
        std::fs::create_dir_all(folder_of(path)).map_err(disk)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = loop {
            let file = options.open(path).map_err(disk)?;
            if !file.metadata().map_err(disk)?.is_file() {
                return Err(JournalError::Foreign(path.to_owned()));
            }
            match file.try_lock() {
                // Whoever held it may have taken it away in between: then it
                // keeps nobody out any more.
                Ok(()) if is_still_there(&file, path) => break file,
                Ok(()) => {}
                Err(std::fs::TryLockError::WouldBlock) => {
                    return Err(JournalError::Locked { path: path.to_owned(), process: holder(&file) });
                }
                Err(std::fs::TryLockError::Error(error)) => return Err(disk(error)),
            }
        };
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(|_| JournalError::Foreign(path.to_owned()))?;
        let unfinished = Unfinished { begun: read(&text, path, key)? };
        Ok((Self { path: path.to_owned(), file, key: key.clone() }, unfinished))
    }

    /// Writes, before the first change, what must be put back. It is on disk
    /// when this returns.
    pub fn begin(&mut self, begun: &Begun) -> Result<(), JournalError> {
        let disk = |reason: String| JournalError::Disk { path: self.path.clone(), reason };
        let plain = serde_json::to_vec(begun).map_err(|error| disk(error.to_string()))?;
        let sealed =
            seal(&self.key, plain).ok_or_else(|| disk("the system has no randomness to seal it".to_owned()))?;
        let line = Line { format: 1, sealed: BASE64_STANDARD.encode(sealed) };
        let line = serde_json::to_string(&line).map_err(|error| disk(error.to_string()))? + "\n";
        let write = |file: &mut File| {
            file.set_len(0)?;
            file.seek(SeekFrom::Start(0))?;
            file.write_all(line.as_bytes())?;
            file.sync_all()?;
            // The file's name has to survive, too.
            File::open(folder_of(&self.path))?.sync_all()
        };
        write(&mut self.file).map_err(|error| disk(error.to_string()))
    }

    /// Everything is put back: takes the file away.
    pub fn finish(self) -> Result<(), JournalError> {
        let disk = |error: std::io::Error| JournalError::Disk { path: self.path.clone(), reason: error.to_string() };
        // Emptied first: whoever waits for the lock must not find old news.
        self.file.set_len(0).map_err(disk)?;
        std::fs::remove_file(&self.path).map_err(disk)
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

/// The process that holds the lock on this file, where Linux tells.
#[cfg(target_os = "linux")]
fn holder(file: &File) -> Option<u32> {
    let inode = std::os::unix::fs::MetadataExt::ino(&file.metadata().ok()?);
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let line = locks.lines().find(|line| line.contains("FLOCK") && line.contains(&format!(":{inode} ")))?;
    line.split_whitespace().nth(4)?.parse().ok().filter(|id| *id > 0)
}

#[cfg(not(target_os = "linux"))]
fn holder(_: &File) -> Option<u32> {
    None
}

/// A line that was not wholly written stands for nothing: the first change
/// comes after it is on disk.
fn read(text: &str, path: &Path, key: &ApiKey) -> Result<Option<Begun>, JournalError> {
    let ours = text.starts_with(BEGINNING) || BEGINNING.starts_with(text);
    if !ours {
        return Err(JournalError::Foreign(path.to_owned()));
    }
    let Some(line) = text.strip_suffix('\n') else { return Ok(None) };
    let line: Line = serde_json::from_str(line).map_err(|_| JournalError::Foreign(path.to_owned()))?;
    let sealed = || JournalError::Sealed(path.to_owned());
    let bytes = BASE64_STANDARD.decode(line.sealed).map_err(|_| sealed())?;
    let plain = open(key, bytes).ok_or_else(sealed)?;
    serde_json::from_slice(&plain).map(Some).map_err(|_| sealed())
}

fn sealing_key(key: &ApiKey) -> Option<RandomizedNonceKey> {
    let pseudorandom = Salt::new(HKDF_SHA256, b"oidc-harness journal").extract(key.secret().as_bytes());
    let mut bytes = [0; 32];
    pseudorandom.expand(&[b"settings"], HKDF_SHA256).ok()?.fill(&mut bytes).ok()?;
    RandomizedNonceKey::new(&AES_256_GCM, &bytes).ok()
}

/// Nonce, then ciphertext.
fn seal(key: &ApiKey, mut plain: Vec<u8>) -> Option<Vec<u8>> {
    let nonce = sealing_key(key)?.seal_in_place_append_tag(Aad::empty(), &mut plain).ok()?;
    let mut sealed = nonce.as_ref().to_vec();
    sealed.extend(plain);
    Some(sealed)
}

fn open(key: &ApiKey, sealed: Vec<u8>) -> Option<Vec<u8>> {
    let (nonce, text) = sealed.split_at_checked(12)?;
    let nonce = aws_lc_rs::aead::Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut text = text.to_vec();
    sealing_key(key)?.open_in_place(nonce, Aad::empty(), &mut text).ok().map(|plain| plain.to_vec())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use serde_json::json;

    use super::*;

    fn begun() -> Begun {
        let originals = serde_json::from_value(json!({"oauth": {"clientSecret": "top-secret"}})).unwrap();
        let file = Some(OriginalFile::new(Path::new("immich.yaml"), b"oauth: {}"));
        Begun { target: "http://t".into(), mark: "abcdefgh".into(), originals, accounts: ["1".to_owned()].into(), file }
    }

    #[test]
    fn what_is_begun_survives_and_is_sealed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/a.journal");
        let key = ApiKey::new("the key");
        let (mut journal, unfinished) = Journal::open(&path, &key).unwrap();
        assert_eq!(unfinished, Unfinished::default());
        journal.begin(&begun()).unwrap();
        let locked = Journal::open(&path, &key);
        let process = cfg!(target_os = "linux").then(std::process::id);
        assert!(matches!(locked, Err(JournalError::Locked { process: found, .. }) if found == process), "{locked:?}");
        drop(journal);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with(BEGINNING) && !text.contains("secret"), "{text}");
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions()) & 0o777, 0o600);
        assert!(matches!(Journal::open(&path, &ApiKey::new("another")), Err(JournalError::Sealed(_))));
        let (journal, unfinished) = Journal::open(&path, &key).unwrap();
        assert_eq!(unfinished.begun, Some(begun()));
        journal.finish().unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn a_torn_line_stands_for_nothing_and_a_foreign_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.journal");
        let key = ApiKey::new("the key");
        Journal::open(&path, &key).unwrap().0.begin(&begun()).unwrap();
        let whole = std::fs::read(&path).unwrap();
        for length in 0..whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            assert_eq!(Journal::open(&path, &key).unwrap().1, Unfinished::default(), "{length}");
        }
        std::fs::write(&path, "dear diary\n").unwrap();
        assert!(matches!(Journal::open(&path, &key), Err(JournalError::Foreign(_))));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "dear diary\n");
    }

    #[test]
    fn a_folder_that_is_none_is_told() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Journal::open(Path::new("/dev/null"), &ApiKey::new("k")), Err(JournalError::Foreign(_))));
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let error = Journal::open(&file.join("a.journal"), &ApiKey::new("k")).unwrap_err();
        assert!(matches!(error, JournalError::Disk { .. }), "{error}");
    }
}
