//! The ways to a provider: its public name, and where that really leads.

use std::net::SocketAddr;

use url::Url;

/// Where a public name of the provider really leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The provider's origin, as the target knows it.
    pub origin: Url,
    /// Where it listens.
    pub address: SocketAddr,
    /// Whether it speaks TLS there; a proxy may do so on its behalf.
    pub tls: bool,
}

/// The ways to the provider. Certificates are for the target to judge, not
/// for the browser: it knows without where it goes.
#[derive(Debug, Clone)]
pub struct Routes {
    /// All of them.
    pub all: Vec<Route>,
    /// Takes any certificate, and must not follow redirects.
    pub client: reqwest::Client,
    /// A header for every request there.
    pub header: Option<(String, String)>,
}

/// The other name of a provider on loopback: `localhost` for 127.0.0.1, and
/// the other way round.
pub fn other_origin(origin: &Url) -> Option<Url> {
    let other = match origin.host_str()? {
        "127.0.0.1" => "localhost",
        "localhost" => "127.0.0.1",
        _ => return None,
    };
    let mut origin = origin.clone();
    origin.set_host(Some(other)).ok()?;
    Some(origin)
}

/// What of a URL follows `origin`, if that is its origin: `http://a.test` is
/// none of `http://a.test.evil`.
pub fn path_at<'a>(origin: &str, url: &'a str) -> Option<&'a str> {
    url.strip_prefix(origin).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

impl Route {
    /// Whether `url` leads there, by either name.
    pub fn leads_to(&self, url: &Url) -> bool {
        let other = other_origin(&self.origin);
        [Some(&self.origin), other.as_ref()].into_iter().flatten().any(|origin| origin.origin() == url.origin())
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("http://a.test", Some(""))]
    #[case("http://a.test/b?c", Some("/b?c"))]
    #[case("http://a.test?c", Some("?c"))]
    #[case("http://a.test.evil/b", None)]
    #[case("http://a.test:8080/b", None)]
    #[case("http://a.test@evil/b", None)]
    fn an_origin_ends_where_a_path_begins(#[case] url: &str, #[case] path: Option<&str>) {
        assert_eq!(path_at("http://a.test", url), path);
    }
}
