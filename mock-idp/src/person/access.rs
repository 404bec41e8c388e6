//! Whether a request may see pages and calls for people: by the secret of the
//! run, and by the name under which it asks for the provider.

use std::net::SocketAddr;

use axum::http::{HeaderMap, header};
use url::{Host, Url};

use crate::protocol::{basic_text, credentials, is_same_secret};

/// Whether other machines can reach the provider, directly or through a proxy
/// with its public name.
pub(crate) fn is_exposed(listen: SocketAddr, public_url: Option<&Url>) -> bool {
    !listen.ip().to_canonical().is_loopback() || public_url.is_some_and(|url| !url.host().is_some_and(is_local))
}

fn is_local<S: AsRef<str>>(host: Host<S>) -> bool {
    match host {
        Host::Domain(name) => name.as_ref() == "localhost" || name.as_ref().ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.to_canonical().is_loopback(),
    }
}

/// Whether a `Host` header names this computer. Any other name on loopback is
/// that of a foreign web page whose name resolves to this computer (DNS
/// rebinding).
pub(crate) fn is_local_name(header: Option<&str>) -> bool {
    let url = header.and_then(|host| Url::parse(&format!("http://{host}/")).ok());
    url.is_some_and(|url| url.host().is_some_and(is_local))
}

/// Whether the request has the secret as a Bearer token (RFC 6750 §2.1) or,
/// where that is taken, as the password of any user name (RFC 7617).
pub(crate) fn has_secret(headers: &HeaderMap, secret: &str, is_basic_taken: bool) -> bool {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Some(token) = credentials(header, "Bearer") {
        return is_same_secret(token, secret);
    }
    let pair = credentials(header, "Basic").filter(|_| is_basic_taken).and_then(basic_text);
    pair.as_deref().and_then(|pair| pair.split_once(':')).is_some_and(|(_, password)| is_same_secret(password, secret))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("127.0.0.1:1", None, false)]
    #[case("[::1]:1", None, false)]
    #[case("[::ffff:127.0.0.1]:1", None, false)]
    #[case("127.0.0.1:1", Some("http://localhost:9000"), false)]
    #[case("127.0.0.1:1", Some("http://idp.localhost"), false)]
    #[case("0.0.0.0:1", None, true)]
    #[case("[::]:1", None, true)]
    #[case("192.168.0.2:1", Some("http://localhost"), true)]
    #[case("127.0.0.1:1", Some("https://idp.example.org"), true)]
    #[case("127.0.0.1:1", Some("https://localhost.example.org"), true)]
    fn exposure(#[case] listen: SocketAddr, #[case] url: Option<&str>, #[case] exposed: bool) {
        assert_eq!(is_exposed(listen, url.map(|url| url.parse().unwrap()).as_ref()), exposed);
    }

    #[rstest]
    #[case("127.0.0.1:9000", true)]
    #[case("localhost", true)]
    #[case("[::1]:9000", true)]
    #[case("evil.example:9000", false)]
    #[case("127.0.0.1.evil.example", false)]
    #[case("127.0.0.1@evil.example", false)]
    #[case("", false)]
    fn names(#[case] host: &str, #[case] local: bool) {
        assert_eq!(is_local_name(Some(host)), local);
    }

    #[rstest]
    #[case("Bearer s3", false, true)]
    #[case("bearer s3", false, true)]
    #[case("Bearer s4", true, false)]
    #[case("Bearer ", true, false)]
    // `me:s3`
    #[case("Basic bWU6czM=", true, true)]
    #[case("Basic bWU6czM=", false, false)]
    #[case("Basic czM=", true, false)]
    #[case("s3", true, false)]
    fn secrets(#[case] value: &str, #[case] basic: bool, #[case] good: bool) {
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]);
        assert_eq!(has_secret(&headers, "s3", basic), good);
    }
}
