//! Headers as text, in their order.

use axum::http::HeaderMap;

/// A copy of all headers, names in lower case; bytes that are no UTF-8 are
/// replaced.
pub(crate) fn header_pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect()
}
