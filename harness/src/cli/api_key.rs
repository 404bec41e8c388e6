//! Where the administrator's key comes from: a file, standard input, or the
//! environment; never the command line, which all users of the machine see.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use super::output::UsageProblem;
use crate::immich::ApiKey;

/// The variable that names the file.
pub(super) const FILE: &str = "OIDC_HARNESS_API_KEY_FILE";

/// The flag that does.
const FLAG: &str = "api-key-file";

/// The variable that holds the key itself.
pub(super) const KEY: &str = "OIDC_HARNESS_API_KEY";

#[derive(Debug, Args)]
pub(super) struct KeySource {
    /// A file with an administrator's API key
    ///
    /// `-` reads the key from standard input. Default: the key in
    /// `OIDC_HARNESS_API_KEY`.
    #[arg(long, value_name = "FILE", env = FILE)]
    api_key_file: Option<PathBuf>,
}

impl KeySource {
    /// The file that is named.
    pub(super) fn file(&self) -> Option<&Path> {
        self.api_key_file.as_deref()
    }

    pub(super) fn read(&self) -> Result<ApiKey, UsageProblem> {
        read_key(FLAG, self.api_key_file.as_deref())
    }

    /// Reads the key where a file is named or the environment holds one.
    pub(super) fn read_if_given(&self) -> Result<Option<ApiKey>, UsageProblem> {
        let is_given = self.api_key_file.is_some() || std::env::var_os(KEY).is_some();
        if is_given { self.read().map(Some) } else { Ok(None) }
    }
}

/// Reads a client secret from the file that a flag names, without blanks around
/// it. An empty one is that of a public client.
pub(super) fn read_secret(flag: &str, path: &Path) -> Result<String, UsageProblem> {
    let read = if path.as_os_str() == "-" { beginning(io::stdin()) } else { read_file(path) };
    let hidden = "(the value is hidden, because it may be the secret itself)";
    let bytes = read.map_err(|error| format!("cannot read the file of --{flag} {hidden}: {error}"))?;
    String::from_utf8(bytes)
        .map(|text| text.trim().to_owned())
        .map_err(|_| format!("the file of --{flag} is not in UTF-8").into())
}

/// Reads a key from the file that a flag names, from standard input, or from the
/// environment.
pub(super) fn read_key(flag: &str, file: Option<&Path>) -> Result<ApiKey, UsageProblem> {
    let (place, read) = match file {
        Some(path) if path.as_os_str() == "-" => ("standard input".to_owned(), beginning(io::stdin())),
        Some(path) => (name_of(flag, path), read_file(path)),
        None => {
            let key = std::env::var_os(KEY).ok_or_else(|| {
                format!("a run needs an administrator's API key: give --api-key-file FILE, or set {KEY}")
            })?;
            (KEY.to_owned(), Ok(key.into_encoded_bytes()))
        }
    };
    let hidden = if place.starts_with("--") { " (the value is hidden, because it may be the key itself)" } else { "" };
    let bytes = read.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            UsageProblem { text: format!("{place}: no such file{hidden}"), help: Some(HELP.into()) }
        }
        io::ErrorKind::InvalidInput => UsageProblem { text: format!("{place}: {error}"), help: Some(HELP.into()) },
        _ => format!("cannot read {place}: {error}").into(),
    })?;
    key_in(&bytes).map_err(|problem| format!("{place} {problem}").into())
}

/// What to do where no key can be read.
const HELP: &str = "save the key in a file, and pass the path of that file";

/// No file with a key is larger, in bytes.
const LARGEST: u64 = 64 * 1024;

/// A file that is not there, with a longer name, may be the key itself.
const LONGEST_NAME: usize = 20;

/// What messages call the file. Where there is none, the administrator may have
/// given the key in its place: messages show only what looks like a path.
fn name_of(flag: &str, path: &Path) -> String {
    let text = path.display().to_string();
    let is_path = text.contains(['.', '/', std::path::MAIN_SEPARATOR]) && text.chars().count() <= LONGEST_NAME;
    if is_path || path.exists() { format!("the API key file {text}") } else { format!("--{flag}") }
}

/// The bytes of a file, or of a pipe, as shells make them for `<(command)`.
fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = std::fs::metadata(path)?;
    if metadata.is_file() || is_pipe(&metadata) {
        beginning(File::open(path)?)
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "it is neither a regular file nor a pipe"))
    }
}

#[cfg(unix)]
fn is_pipe(metadata: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

#[cfg(not(unix))]
const fn is_pipe(_: &Metadata) -> bool {
    false
}

/// All that is there, unless it is too large to hold a key alone.
fn beginning(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(LARGEST + 1).read_to_end(&mut bytes)?;
    let is_whole = bytes.len() as u64 <= LARGEST;
    is_whole.then_some(bytes).ok_or_else(|| io::Error::other("it is larger than 64 KiB; it must contain only the key"))
}

/// Whether a text is in UTF-16: it has its mark, or, as in English, every other
/// byte is 0.
fn is_utf_16(bytes: &[u8]) -> bool {
    let has_zeros = |first: usize| bytes.len() > 1 && bytes.iter().skip(first).step_by(2).all(|byte| *byte == 0);
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || has_zeros(0) || has_zeros(1)
}

/// The key in a text that holds nothing else.
///
/// # Errors
/// What is wrong with the text, as a predicate that does not show it.
fn key_in(bytes: &[u8]) -> Result<ApiKey, &'static str> {
    if is_utf_16(bytes) {
        return Err("is in UTF-16: save it as UTF-8");
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "is not in UTF-8: save it as UTF-8")?;
    if text.starts_with('\u{feff}') {
        return Err("begins with a byte order mark: save it as UTF-8 without one");
    }
    if text.contains('\0') {
        return Err("contains a NUL character: it must contain only the key");
    }
    if text.trim().is_empty() {
        return Err("is empty: it must contain the key");
    }
    let key = ApiKey::new(text);
    // As it travels in a header.
    if key.secret().bytes().all(|letter| letter.is_ascii_graphic()) {
        Ok(key)
    } else {
        Err("contains spaces or other characters that no key has: it must contain only the key")
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("abc\r\n", None)]
    #[case("\u{feff}abc", Some("begins with a byte order mark: save it as UTF-8 without one"))]
    #[case("a\0b\0c\0", Some("is in UTF-16: save it as UTF-8"))]
    #[case("\0a\0b", Some("is in UTF-16: save it as UTF-8"))]
    #[case("abc\0", Some("contains a NUL character: it must contain only the key"))]
    #[case(" \n", Some("is empty: it must contain the key"))]
    #[case("a b", Some("contains spaces or other characters that no key has: it must contain only the key"))]
    #[case("a\u{1b}[2J", Some("contains spaces or other characters that no key has: it must contain only the key"))]
    #[case("schl\u{fc}ssel", Some("contains spaces or other characters that no key has: it must contain only the key"))]
    fn a_key_is_what_a_header_takes(#[case] text: &str, #[case] problem: Option<&str>) {
        assert_eq!(key_in(text.as_bytes()).err(), problem);
    }

    #[rstest]
    #[case(b"\xff\xfea\0", "is in UTF-16: save it as UTF-8")]
    #[case(b"schl\xfcssel", "is not in UTF-8: save it as UTF-8")]
    fn a_key_is_in_utf_8(#[case] bytes: &[u8], #[case] problem: &str) {
        assert_eq!(key_in(bytes).err(), Some(problem));
    }

    #[rstest]
    #[case("no/such.key", "the API key file no/such.key")]
    #[case("T0ps3cr3tk3y", "--api-key-file")]
    #[case("T0ps3cr3t/k3y.T0ps3cr3t", "--api-key-file")]
    #[case("src", "the API key file src")]
    fn a_key_in_place_of_a_file_is_not_shown(#[case] path: &str, #[case] expected: &str) {
        assert_eq!(name_of(FLAG, Path::new(path)), expected);
    }
}
