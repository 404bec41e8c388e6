//! Where the administrator's key comes from: a file, standard input, or the
//! environment; never the command line, which everybody on the machine sees.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::target::ApiKey;

/// The variable that names the file.
pub(super) const FILE: &str = "OIDC_HARNESS_API_KEY_FILE";

/// The variable that holds the key itself.
const KEY: &str = "OIDC_HARNESS_API_KEY";

#[derive(Debug, Args)]
pub(super) struct KeySource {
    /// A file with an administrator's API key, or `-` for standard input;
    /// otherwise the key is taken from `OIDC_HARNESS_API_KEY`.
    #[arg(long, value_name = "FILE", env = FILE)]
    api_key_file: Option<PathBuf>,
}

impl KeySource {
    pub(super) fn read(&self) -> Result<ApiKey, String> {
        read_key(self.api_key_file.as_deref())
    }
}

/// Reads a key from a file, from standard input, or from the environment.
pub(super) fn read_key(file: Option<&Path>) -> Result<ApiKey, String> {
    let (place, read) = match file {
        Some(path) if path.as_os_str() == "-" => {
            let mut bytes = Vec::new();
            ("standard input".to_owned(), std::io::stdin().read_to_end(&mut bytes).map(|_| bytes))
        }
        Some(path) => (format!("the API key file {}", path.display()), std::fs::read(path)),
        None => {
            let key = std::env::var_os(KEY).ok_or_else(|| {
                format!("a server is judged with an administrator's key: give --api-key-file FILE, or {KEY}")
            })?;
            (KEY.to_owned(), Ok(key.into_encoded_bytes()))
        }
    };
    let bytes = read.map_err(|error| format!("{place} cannot be read: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{place} {NO_TEXT}"))?;
    key_in(&text).map_err(|problem| format!("{place} {problem}"))
}

const NO_TEXT: &str = "is no text in UTF-8, perhaps UTF-16: save it as UTF-8";

/// The key in a text that holds nothing else.
///
/// # Errors
/// What is wrong with the text, as a predicate that does not show it.
fn key_in(text: &str) -> Result<ApiKey, &'static str> {
    if text.starts_with('\u{feff}') {
        return Err("begins with a byte order mark: save it as UTF-8 without one");
    }
    if text.contains('\0') {
        return Err(NO_TEXT);
    }
    let key = ApiKey::new(text);
    // As it travels in a header.
    if !key.secret().is_empty() && key.secret().bytes().all(|letter| letter.is_ascii_graphic()) {
        Ok(key)
    } else {
        Err("must hold the key and nothing else")
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("abc\r\n", None)]
    #[case("\u{feff}abc", Some("begins with a byte order mark: save it as UTF-8 without one"))]
    #[case("a\0b\0c\0", Some(NO_TEXT))]
    #[case("", Some("must hold the key and nothing else"))]
    #[case("a b", Some("must hold the key and nothing else"))]
    #[case("a\u{1b}[2J", Some("must hold the key and nothing else"))]
    #[case("schl\u{fc}ssel", Some("must hold the key and nothing else"))]
    fn a_key_is_what_a_header_takes(#[case] text: &str, #[case] problem: Option<&str>) {
        assert_eq!(key_in(text).err(), problem);
    }
}
