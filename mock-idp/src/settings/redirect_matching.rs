//! How the provider compares a redirect URI with the registered ones.

use regex_lite::Regex;
use serde::{Deserialize, Serialize};

use super::SettingsError;

/// How the provider compares a redirect URI with the registered ones. RFC 9700
/// §4.1.3 asks for exact comparison; many products know more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RedirectMatching {
    /// Byte for byte.
    #[default]
    Exact,
    /// A `*` at the end of a registered URI matches any ending.
    TrailingWildcard,
    /// A `*` in a registered URI matches anything except a slash, and `**`
    /// matches anything.
    Wildcard,
    /// Each registered URI is a regular expression for the whole URI.
    Regex,
}

/// The registered redirect URIs of a client, ready to be compared with.
#[derive(Debug)]
pub(crate) struct RedirectUris(Vec<Registered>);

#[derive(Debug)]
enum Registered {
    Exact(String),
    Prefix(String),
    Pattern(Regex),
}

impl RedirectUris {
    pub(crate) fn new(registered: &[String], matching: RedirectMatching) -> Result<Self, SettingsError> {
        let pattern = |uri: &String, text: String| {
            let wrong =
                |error: regex_lite::Error| SettingsError::Pattern { uri: uri.clone(), reason: error.to_string() };
            Regex::new(&format!("^(?:{text})$")).map(Registered::Pattern).map_err(wrong)
        };
        let uris = registered.iter().map(|uri| match matching {
            RedirectMatching::TrailingWildcard if uri.ends_with('*') => {
                Ok(Registered::Prefix(uri.trim_end_matches('*').to_owned()))
            }
            RedirectMatching::Wildcard if uri.contains('*') => {
                let text = regex_lite::escape(uri).replace(r"\*\*", ".*").replace(r"\*", "[^/]*");
                pattern(uri, text)
            }
            RedirectMatching::Regex => pattern(uri, uri.clone()),
            _ => Ok(Registered::Exact(uri.clone())),
        });
        uris.collect::<Result<_, _>>().map(Self)
    }

    /// Whether one of them allows `uri`.
    pub(crate) fn allow(&self, uri: &str) -> bool {
        self.0.iter().any(|registered| match registered {
            Registered::Exact(own) => own == uri,
            Registered::Prefix(start) => uri.starts_with(start.as_str()),
            Registered::Pattern(pattern) => pattern.is_match(uri),
        })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const APP: &str = "app.immich:///oauth-callback";

    #[rstest]
    #[case(RedirectMatching::Exact, "https://h/a", "https://h/a", true)]
    #[case(RedirectMatching::Exact, "https://h/*", "https://h/a", false)]
    #[case(RedirectMatching::Exact, APP, "app.immich://oauth-callback", false)]
    #[case(RedirectMatching::TrailingWildcard, "https://h/*", "https://h/a/b", true)]
    #[case(RedirectMatching::TrailingWildcard, "https://*/a", "https://h/a", false)]
    #[case(RedirectMatching::TrailingWildcard, "https://h/*", "https://evil/", false)]
    #[case(RedirectMatching::Wildcard, "https://*.h/a", "https://x.h/a", true)]
    #[case(RedirectMatching::Wildcard, "https://h/*", "https://h/a/b", false)]
    #[case(RedirectMatching::Wildcard, "https://h/**", "https://h/a/b", true)]
    #[case(RedirectMatching::Regex, r"https://(a|b)\.h/.*", "https://b.h/x", true)]
    #[case(RedirectMatching::Regex, r"https://a\.h/", "https://a.h/x", false)]
    #[case(RedirectMatching::Regex, r"https://a\.h/x", "see https://a.h/x", false)]
    fn the_policy_decides(
        #[case] matching: RedirectMatching,
        #[case] registered: &str,
        #[case] uri: &str,
        #[case] allowed: bool,
    ) {
        let uris = RedirectUris::new(&[registered.to_owned()], matching);
        assert_eq!(uris.map(|uris| uris.allow(uri)), Ok(allowed));
    }

    #[test]
    fn a_broken_pattern_is_reported() {
        let broken = RedirectUris::new(&["https://h/(".to_owned()], RedirectMatching::Regex);
        assert!(matches!(broken, Err(SettingsError::Pattern { uri, .. }) if uri == "https://h/("));
    }
}
