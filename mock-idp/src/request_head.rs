//! The head of a request: its request line and its headers. Whether HTTP allows
//! it, and whether it is small enough.

use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Version, header};

/// Returns the status and the text of a refusal, if HTTP does not allow the head
/// or it has more than `most` bytes.
pub(crate) fn mistake(parts: &Parts, most: usize) -> Option<(StatusCode, &'static str)> {
    let line = line_bytes(parts);
    if line > most {
        return Some((StatusCode::URI_TOO_LONG, "the request line is too long"));
    }
    if line + header_bytes(&parts.headers) > most {
        return Some((StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "the request headers are too large"));
    }
    if !has_one_host(parts) {
        return Some((StatusCode::BAD_REQUEST, "the request must have exactly one Host header, with a valid host"));
    }
    None
}

/// The request line with its line break, `GET /jwks HTTP/1.1` (RFC 9112 §3).
fn line_bytes(parts: &Parts) -> usize {
    let target = parts.uri.path_and_query().map_or(0, |target| target.as_str().len());
    // A target in absolute form begins with scheme and authority (§3.2.2).
    let scheme = parts.uri.scheme_str().map_or(0, |scheme| scheme.len() + "://".len());
    let authority = parts.uri.authority().map_or(0, |authority| authority.as_str().len());
    parts.method.as_str().len() + scheme + authority + target + "  HTTP/1.1\r\n".len()
}

/// The headers with the line break that ends them, one blank after each colon.
fn header_bytes(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len()).sum::<usize>() + 2
}

/// Whether the request has one `Host` header (RFC 9112 §3.2). A request of
/// HTTP/1.0 needs none.
fn has_one_host(parts: &Parts) -> bool {
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => parts.version < Version::HTTP_11,
        (Some(host), None) => is_host(host),
        (Some(_), Some(_)) => false,
    }
}

/// Whether the value is a host, with or without a port (RFC 9110 §7.2), or
/// empty, as a client without a host sends it.
fn is_host(value: &HeaderValue) -> bool {
    value.is_empty() || Authority::try_from(value.as_bytes()).is_ok_and(|authority| !authority.as_str().contains('@'))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use axum::http::Request;
    use rstest::rstest;

    use super::*;

    fn parts(version: Version, uri: &str, headers: &[(&str, &str)]) -> Parts {
        let request = Request::builder().version(version).uri(uri);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.body(()).unwrap().into_parts().0
    }

    fn status(parts: &Parts, most: usize) -> Option<u16> {
        mistake(parts, most).map(|(status, _)| status.as_u16())
    }

    #[rstest]
    #[case::one(Version::HTTP_11, &["idp.test:9000"], None)]
    #[case::an_address(Version::HTTP_11, &["[::1]:9000"], None)]
    #[case::an_empty_one(Version::HTTP_11, &[""], None)]
    #[case::none(Version::HTTP_11, &[], Some(400))]
    #[case::none_in_old_http(Version::HTTP_10, &[], None)]
    #[case::two(Version::HTTP_11, &["idp.test", "idp.test"], Some(400))]
    #[case::two_in_old_http(Version::HTTP_10, &["idp.test", "idp.test"], Some(400))]
    #[case::a_path(Version::HTTP_11, &["idp.test/a"], Some(400))]
    #[case::a_blank(Version::HTTP_11, &["idp test"], Some(400))]
    #[case::a_user(Version::HTTP_11, &["me@idp.test"], Some(400))]
    fn host_headers(#[case] version: Version, #[case] hosts: &[&str], #[case] expected: Option<u16>) {
        let headers: Vec<_> = hosts.iter().map(|host| ("host", *host)).collect();
        assert_eq!(status(&parts(version, "/", &headers), 1000), expected);
    }

    /// The sizes are those of the bytes that a client sends.
    #[rstest]
    #[case("/jwks?a=b", "GET /jwks?a=b HTTP/1.1\r\n")]
    #[case("http://h:1/jwks", "GET http://h:1/jwks HTTP/1.1\r\n")]
    fn sizes_are_exact(#[case] uri: &str, #[case] line: &str) {
        let head = format!("{line}host: h\r\nx: yy\r\n\r\n");
        let parts = parts(Version::HTTP_11, uri, &[("host", "h"), ("x", "yy")]);
        assert_eq!(status(&parts, head.len()), None);
        assert_eq!(status(&parts, head.len() - 1), Some(431));
        assert_eq!(status(&parts, line.len()), Some(431));
        assert_eq!(status(&parts, line.len() - 1), Some(414));
    }
}
