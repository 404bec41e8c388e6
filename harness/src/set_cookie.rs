//! A cookie that an answer sets: its attributes, and how long it lives (RFC 6265
//! §5.3). Which cookies Immich sets is for [`crate::immich`].

use cookie_store::RawCookie;

/// A cookie that an answer sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetCookie {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Hidden from scripts.
    pub http_only: bool,
    /// Only over TLS.
    pub secure: bool,
    /// `Lax`, `Strict`, `None`.
    pub same_site: Option<String>,
    /// Below which path it is sent.
    pub path: Option<String>,
    /// For how many seconds the browser keeps it; none or fewer where it is
    /// taken back, nothing where it goes with the browser (RFC 6265 §5.3).
    pub lifetime: Option<i64>,
}

impl SetCookie {
    /// Whether the browser has no such cookie afterwards, or none that says
    /// anything.
    pub fn is_cleared(&self) -> bool {
        self.value.is_empty() || self.lifetime.is_some_and(|seconds| seconds <= 0)
    }

    /// Reads the value of a `Set-Cookie` header at the time `now`, in seconds
    /// since 1970; none if it is not one (RFC 6265 §5.2).
    pub(crate) fn parse(text: &str, now: i64) -> Option<Self> {
        let cookie = RawCookie::parse(text).ok()?;
        Some(Self {
            name: cookie.name().to_owned(),
            value: cookie.value().to_owned(),
            http_only: cookie.http_only().unwrap_or(false),
            secure: cookie.secure().unwrap_or(false),
            same_site: cookie.same_site().map(|policy| policy.to_string()),
            path: cookie.path().map(ToOwned::to_owned),
            // Max-Age wins over Expires (RFC 6265 §5.3).
            lifetime: attribute(text, "max-age")
                .and_then(|age| age.parse().ok())
                .or_else(|| Some(cookie.expires_datetime()?.unix_timestamp() - now)),
        })
    }
}

/// An attribute of a `Set-Cookie` header as it stands.
fn attribute<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = text.split(';').skip(1).filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// 2026-11-26 04:00:00 UTC.
    const NOW: i64 = 1_795_665_600;

    #[rstest]
    #[case("a=1; Max-Age=60; Expires=Thu, 26 Nov 2026 05:00:00 GMT", Some(60), false)]
    #[case("a=1; Expires=Thu, 26 Nov 2026 05:00:00 GMT", Some(3600), false)]
    #[case("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", Some(-NOW), true)]
    #[case("a=deleted; Max-Age=0", Some(0), true)]
    #[case("a=1", None, false)]
    #[case("a=", None, true)]
    fn a_cookie_lives_as_browsers_have_it(
        #[case] header: &str,
        #[case] lifetime: Option<i64>,
        #[case] is_cleared: bool,
    ) {
        let cookie = SetCookie::parse(header, NOW);
        assert_eq!(cookie.map(|cookie| (cookie.lifetime, cookie.is_cleared())), Some((lifetime, is_cleared)));
    }
}
