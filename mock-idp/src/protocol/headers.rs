//! Headers as text, and the `Authorization` header (RFC 9110 §11.6.2). What the
//! credentials mean is for the endpoints.

use axum::http::HeaderMap;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// A copy of all headers, names in lower case; bytes that are no UTF-8 are
/// replaced.
pub(crate) fn header_pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect()
}

/// The credentials, if the header is of that scheme.
pub(crate) fn credentials<'a>(header: &'a str, scheme: &str) -> Option<&'a str> {
    let (given, credentials) = header.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then(|| credentials.trim_matches(' '))
}

/// The text of Basic credentials: a name, a colon, a password (RFC 7617 §2).
/// None if it is no text.
pub(crate) fn basic_text(credentials: &str) -> Option<String> {
    BASE64_STANDARD.decode(credentials).ok().and_then(|bytes| String::from_utf8(bytes).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::arbitrary;

    #[rstest]
    #[case("Bearer abc", Some("abc"))]
    #[case("bEARER  abc ", Some("abc"))]
    #[case("Bearer", None)]
    #[case("Bearerabc", None)]
    #[case("Basic abc", None)]
    #[case("", None)]
    fn reads_its_scheme(#[case] header: &str, #[case] expected: Option<&str>) {
        assert_eq!(credentials(header, "Bearer"), expected);
    }

    proptest! {
        #![proptest_config(arbitrary::config())]

        #[test]
        fn any_header_can_be_read(header in arbitrary::header(), credential in "[!-~]{1,40}") {
            if let Some(read) = credentials(&header, "Bearer") {
                prop_assert!(header.contains(read) && !read.starts_with(' '));
            }
            let header = format!("BEARER {credential}");
            prop_assert_eq!(credentials(&header, "Bearer"), Some(credential.as_str()));
        }
    }
}
