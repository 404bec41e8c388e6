//! The path of a server's journal, the same for every command.
//!
//! One server has one journal, whatever its address is called, and therefore
//! one lock. Everything here is pure except [`journal_path`], which reads the
//! environment.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use url::{Host, Url};

use super::fault::JournalError;

/// Where the journal of the server at `url` is: at `given`, or below the
/// user's state folder. An error if there is no such folder.
pub fn journal_path(given: Option<PathBuf>, url: &str) -> Result<PathBuf, JournalError> {
    if let Some(given) = given {
        return Ok(given);
    }
    let folder = state_folder(std::env::var_os("XDG_STATE_HOME"), std::env::var_os("HOME"));
    Ok(folder.ok_or(JournalError::NoPlace)?.join("oidc-harness").join(file_name(&identity(url))))
}

/// Returns the user's state folder. Ignores an empty or relative path (XDG
/// Base Directory Specification, "Basics").
fn state_folder(state_home: Option<OsString>, home: Option<OsString>) -> Option<PathBuf> {
    let absolute = |path: Option<OsString>| path.map(PathBuf::from).filter(|path| path.is_absolute());
    absolute(state_home).or_else(|| Some(absolute(home)?.join(".local/state")))
}

/// One text for one server: all names of this machine's loopback are one, and
/// the dot at the end of a name does not count.
pub(super) fn identity(url: &str) -> String {
    let Ok(mut parsed) = Url::parse(url) else { return url.to_owned() };
    let name = match parsed.host() {
        Some(Host::Ipv4(address)) if address.is_loopback() || address.is_unspecified() => Some("localhost".to_owned()),
        Some(Host::Ipv6(address)) => {
            let address = address.to_canonical();
            (address.is_loopback() || address.is_unspecified()).then(|| "localhost".to_owned())
        }
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            Some(if name.ends_with(".localhost") { "localhost".to_owned() } else { name.to_owned() })
        }
        _ => None,
    };
    // A host can be replaced by a host in any http URL.
    let _ = name.map(|name| parsed.set_host(Some(&name)));
    parsed.origin().ascii_serialization()
}

fn file_name(identity: &str) -> String {
    let name: String = identity.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    // Two servers may look alike then.
    let hash = digest(&SHA256, identity.as_bytes());
    let number = hash.as_ref().iter().take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    format!("{name}-{number:08x}.journal")
}

/// A file beside the journal, whose name ends in `ending`.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Some("/state"), Some("/home/a"), Some("/state"))]
    #[case(None, Some("/home/a"), Some("/home/a/.local/state"))]
    #[case(Some(""), Some("/home/a"), Some("/home/a/.local/state"))]
    #[case(Some("state"), Some("/home/a"), Some("/home/a/.local/state"))]
    #[case(Some("state"), Some("a"), None)]
    #[case(None, Some(""), None)]
    #[case(None, None, None)]
    fn only_an_absolute_folder_counts(
        #[case] state_home: Option<&str>,
        #[case] home: Option<&str>,
        #[case] expected: Option<&str>,
    ) {
        let found = state_folder(state_home.map(OsString::from), home.map(OsString::from));
        assert_eq!(found, expected.map(PathBuf::from));
    }

    #[rstest]
    #[case("http://127.0.0.1:2283", "http://localhost:2283")]
    #[case("http://127.0.0.2:2283", "http://localhost:2283")]
    #[case("http://[::1]:2283", "http://localhost:2283")]
    #[case("http://[::ffff:127.0.0.1]:2283", "http://localhost:2283")]
    #[case("http://0.0.0.0:2283", "http://localhost:2283")]
    #[case("http://LOCALHOST.:2283/api", "http://localhost:2283")]
    #[case("http://photos.localhost:2283", "http://localhost:2283")]
    #[case("https://Photos.Example.:443/", "https://photos.example")]
    #[case("https://photos.example:8443", "https://photos.example:8443")]
    #[case("http://10.0.0.1", "http://10.0.0.1")]
    fn a_server_has_one_name(#[case] url: &str, #[case] expected: &str) {
        assert_eq!(identity(url), expected);
    }

    #[test]
    fn servers_that_look_alike_have_files_of_their_own() {
        assert_ne!(file_name("http://a-b"), file_name("http://a.b"));
    }
}
