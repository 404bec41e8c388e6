//! Writes and reads the content of the journal. Pure except for the randomness
//! of a seal.
//!
//! The journal is one line, sealed with a key that is derived from the API
//! key: a restore needs the API key anyway. Format 2 has the id of the sealing
//! key, which reveals nothing about the key. It also has a checksum, which
//! distinguishes damage from another key. The harness reads format 1, but no
//! longer writes it.

use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use super::fault::JournalError;
use super::originals::Originals;
use crate::immich::ApiKey;

/// How every journal begins; a file that begins otherwise is not ours.
const BEGINNING: &str = "{\"oidc-harness-journal\":";

/// The line in the file. Format 1 had neither key nor checksum.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedLine {
    #[serde(rename = "oidc-harness-journal")]
    format: u32,
    #[serde(default)]
    key: String,
    #[serde(default)]
    checksum: String,
    sealed: String,
}

/// Whether a file with this content may be replaced: it is a journal, be it
/// one that was not wholly written.
pub(super) fn is_ours(content: &[u8]) -> bool {
    content.starts_with(BEGINNING.as_bytes()) || BEGINNING.as_bytes().starts_with(content)
}

/// The line that stands for `originals`. The error is the system's.
pub(super) fn write(originals: &Originals, key: &ApiKey) -> Result<String, String> {
    let plain = serde_json::to_vec(originals).map_err(|error| error.to_string())?;
    let sealed = seal(key, plain).ok_or_else(|| "the system has no random numbers to encrypt it".to_owned())?;
    let (key, sealed) = (key_id(key), BASE64_STANDARD.encode(sealed));
    let line = SealedLine { format: 2, checksum: checksum(&key, &sealed), key, sealed };
    Ok(serde_json::to_string(&line).map_err(|error| error.to_string())? + "\n")
}

/// What the content of the journal at `path` stands for.
pub(super) fn read(content: &[u8], path: &Path, key: &ApiKey) -> Result<Option<Originals>, JournalError> {
    let (sealed_otherwise, damaged) =
        (|| JournalError::Sealed(path.to_owned()), || JournalError::Damaged(path.to_owned()));
    if !is_ours(content) {
        return Err(JournalError::Foreign(path.to_owned()));
    }
    let Some(line) = content.strip_suffix(b"\n") else {
        // Format 1 was written in place, and the first change came when it was
        // whole; what is torn stands for nothing.
        let is_first = content.starts_with(format!("{BEGINNING}1,").as_bytes());
        return if is_first { Ok(None) } else { Err(damaged()) };
    };
    let line: SealedLine = serde_json::from_slice(line).map_err(|_| damaged())?;
    match line.format {
        2 if line.checksum != checksum(&line.key, &line.sealed) => return Err(damaged()),
        2 if line.key != key_id(key) => return Err(sealed_otherwise()),
        1 | 2 => {}
        format => return Err(JournalError::Later { path: path.to_owned(), format }),
    }
    let plain = BASE64_STANDARD.decode(line.sealed).ok().and_then(|bytes| open(key, bytes));
    let plain = plain.ok_or_else(sealed_otherwise)?;
    serde_json::from_slice(&plain).map(Some).map_err(|_| damaged())
}

fn checksum(key: &str, sealed: &str) -> String {
    let hash = digest(&SHA256, format!("{key}:{sealed}").as_bytes());
    BASE64_STANDARD.encode(hash)
}

/// As many bytes as `into` has, derived from the key for this purpose.
fn derive(key: &ApiKey, purpose: &[u8]) -> Option<[u8; 32]> {
    let pseudorandom = Salt::new(HKDF_SHA256, b"oidc-harness journal").extract(key.secret().as_bytes());
    let mut bytes = [0; 32];
    pseudorandom.expand(&[purpose], HKDF_SHA256).ok()?.fill(&mut bytes).ok()?;
    Some(bytes)
}

/// Returns an identifier of the key that does not reveal it.
fn key_id(key: &ApiKey) -> String {
    BASE64_STANDARD.encode(derive(key, b"id").map(|bytes| bytes[..6].to_vec()).unwrap_or_default())
}

fn sealing_key(key: &ApiKey) -> Option<RandomizedNonceKey> {
    RandomizedNonceKey::new(&AES_256_GCM, &derive(key, b"settings")?).ok()
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
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut text = text.to_vec();
    sealing_key(key)?.open_in_place(nonce, Aad::empty(), &mut text).ok().map(|plain| plain.to_vec())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::guard::originals::OriginalFile;
    use crate::immich::ConfigurationFile;

    /// A journal of format 1, as the version before format 2 wrote it.
    const FIRST: &str = "{\"oidc-harness-journal\":1,\"sealed\":\"J3GxvRJxv3QNGbuFbTgCXDfAv2iKtjvW87JuEg+dYf99KIGckCSsrUitf3X6\
        +MH0Fyk5vQe8lrrnC2bxgs0pQbjpJymZ89O5AcOXpjlruS7Ds92AJtypXgH0rvYRYNCkbfa/Y8zORdPa3n6q9p1SO4KLS95j\
        Lpu/xa3xx8bCuEkHwVLi3Tt6Zwz9FHhbV/3B43sNVihr1iapwmU7SOP9WV87mPOPvyD0cvK70VzWINgbgMuyAi5r+hOP5Pl3\
        yW0=\"}\n";

    fn key() -> ApiKey {
        ApiKey::new("the key")
    }

    fn originals() -> Originals {
        let settings = serde_json::from_value(json!({"oauth": {"clientSecret": "top-secret"}})).unwrap();
        Originals {
            target: "http://t".into(),
            mark: "abcdefgh".into(),
            settings,
            accounts: ["1".to_owned()].into(),
            file: Some(OriginalFile::new(&ConfigurationFile::new("immich.yaml"), b"oauth: {}", None)),
            leave_accounts: false,
            written: None,
        }
    }

    fn found(content: &[u8], key: &ApiKey) -> Result<Option<Originals>, JournalError> {
        read(content, Path::new("journal"), key)
    }

    #[test]
    fn what_is_written_is_read_again_and_hides_what_it_says() {
        let line = write(&originals(), &key()).unwrap();
        assert!(line.starts_with(BEGINNING) && !line.contains("secret") && !line.contains("the key"), "{line}");
        assert_eq!(found(line.as_bytes(), &key()).unwrap(), Some(originals()));
    }

    #[test]
    fn another_key_is_no_damage() {
        let line = write(&originals(), &key()).unwrap();
        for line in [line.as_str(), FIRST] {
            let found = found(line.as_bytes(), &ApiKey::new("another"));
            assert!(matches!(found, Err(JournalError::Sealed(_))), "{found:?}");
        }
    }

    #[test]
    fn whatever_is_torn_or_altered_is_damage() {
        let line = write(&originals(), &key()).unwrap().into_bytes();
        for length in 0..line.len() {
            let found = found(&line[..length], &key());
            assert!(matches!(found, Err(JournalError::Damaged(_))), "{length}: {found:?}");
        }
        let at = line.len() - 20;
        let mut altered = line;
        altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
        assert!(matches!(found(&altered, &key()), Err(JournalError::Damaged(_))));
    }

    #[test]
    fn format_1_is_read() {
        assert_eq!(found(FIRST.as_bytes(), &key()).unwrap(), Some(originals()));
        let torn = &FIRST.as_bytes()[..FIRST.len() - 1];
        assert_eq!(found(torn, &key()).unwrap(), None);
    }

    #[test]
    fn a_later_format_and_a_foreign_file_are_reported() {
        let later = found(b"{\"oidc-harness-journal\":3,\"sealed\":\"\"}\n", &key());
        assert!(matches!(later, Err(JournalError::Later { format: 3, .. })), "{later:?}");
        assert!(matches!(found(b"dear diary\n", &key()), Err(JournalError::Foreign(_))));
    }
}
