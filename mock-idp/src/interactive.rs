//! What an issuer remembers where a person can sign in. The pages are in
//! [`crate::person`] and [`crate::by_hand`].

use std::sync::{Mutex, PoisonError};

use url::Url;

/// What the issuer remembers. Absent where only programs are served.
#[derive(Debug)]
pub(crate) struct Interactive {
    /// Whether others can reach the provider.
    pub(crate) is_exposed: bool,
    /// Whether cookies may travel over TLS only.
    pub(crate) is_https: bool,
    /// Redirect URIs that were taken while none was registered; nothing where
    /// others can reach the provider.
    learned: Option<Mutex<Vec<String>>>,
}

/// How many redirect URIs are remembered.
const CAPACITY: usize = 100;

impl Interactive {
    pub(crate) fn new(is_exposed: bool, is_https: bool) -> Self {
        Self { is_exposed, is_https, learned: (!is_exposed).then(Mutex::default) }
    }

    /// Whether an unregistered URI may be taken as a redirect URI: absolute
    /// and without a fragment (RFC 6749 §3.1.2), and nothing that a browser
    /// would execute or read from the disk.
    pub(crate) fn takes_redirect_uri(&self, uri: &str) -> bool {
        const NEVER: &[&str] = &["about", "blob", "data", "file", "javascript", "vbscript", "view-source"];
        let harmless = |url: Url| url.fragment().is_none() && !NEVER.contains(&url.scheme());
        self.learned.is_some() && Url::parse(uri).is_ok_and(harmless)
    }

    /// Remembers a URI that was taken.
    pub(crate) fn learn(&self, uri: &str) {
        if let Some(learned) = &self.learned {
            let mut learned = learned.lock().unwrap_or_else(PoisonError::into_inner);
            if learned.len() < CAPACITY && !learned.iter().any(|known| known == uri) {
                learned.push(uri.to_owned());
            }
        }
    }

    /// The URIs that were taken; nothing where others can reach the provider.
    pub(crate) fn learned(&self) -> Option<Vec<String>> {
        self.learned.as_ref().map(|learned| learned.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://photos.example.org/auth/login", true)]
    #[case("app.immich:///oauth-callback", true)]
    #[case("/auth/login", false)]
    #[case("", false)]
    #[case("https://photos.example.org/#fragment", false)]
    #[case("javascript:alert(1)", false)]
    #[case("JavaScript:alert(1)", false)]
    #[case("data:text/html,x", false)]
    fn only_harmless_uris_are_taken(#[case] uri: &str, #[case] taken: bool) {
        assert_eq!(Interactive::new(false, false).takes_redirect_uri(uri), taken);
        assert!(!Interactive::new(true, false).takes_redirect_uri(uri));
    }

    #[test]
    fn memory_is_bounded() {
        let interactive = Interactive::new(false, false);
        (0..200).for_each(|index| interactive.learn(&format!("a:{}", index % 150)));
        assert_eq!(interactive.learned().map(|learned| learned.len()), Some(CAPACITY));
    }
}
