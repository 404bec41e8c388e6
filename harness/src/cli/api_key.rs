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
    let (place, text) = match file {
        Some(path) if path.as_os_str() == "-" => {
            let mut text = String::new();
            let read = std::io::stdin().read_to_string(&mut text);
            read.map_err(|error| format!("standard input cannot be read: {error}"))?;
            ("standard input".to_owned(), text)
        }
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| format!("the API key file {} cannot be read: {error}", path.display()))?;
            (format!("the API key file {}", path.display()), text)
        }
        None => {
            let text = std::env::var(KEY).map_err(|_| {
                format!("a server is judged with an administrator's key: give --api-key-file FILE, or {KEY}")
            })?;
            (KEY.to_owned(), text)
        }
    };
    let key = ApiKey::new(&text);
    if key.secret().is_empty() || key.secret().contains(char::is_whitespace) {
        return Err(format!("{place} must hold the key and nothing else"));
    }
    Ok(key)
}
