//! What the server may call the provider of a run: an origin, below which its
//! issuers are. Browsers of the run go there by the origin alone.

use url::Url;

/// Why a server cannot call the provider by an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum ProviderUrlError {
    /// It is no address of the web.
    #[error("unknown scheme `{0}:`; write an address with http:// or https://")]
    Scheme(String),
    /// It holds more than an origin.
    #[error("write only the scheme, the host and the port, without a {0}: the provider adds the paths of its issuers")]
    More(&'static str),
}

/// Whether a server can call the provider so: by scheme, host and port. The
/// error does not show the address, which may have a password.
pub(super) fn check_provider_url(url: &Url) -> Result<(), ProviderUrlError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(ProviderUrlError::Scheme(url.scheme().to_owned()));
    }
    let more = [
        (!url.username().is_empty() || url.password().is_some(), "user name or password"),
        (url.path() != "/", "path"),
        (url.query().is_some(), "query"),
        (url.fragment().is_some(), "fragment"),
    ];
    more.into_iter().find(|(there, _)| *there).map_or(Ok(()), |(_, what)| Err(ProviderUrlError::More(what)))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("http://127.0.0.1:9000", None)]
    #[case("https://idp.example.org/", None)]
    #[case("http://[::1]:9000", None)]
    #[case(
        "idp.example.org:9000",
        Some("unknown scheme `idp.example.org:`; write an address with http:// or https://")
    )]
    #[case("ftp://x", Some("unknown scheme `ftp:`; write an address with http:// or https://"))]
    #[case("data:x", Some("unknown scheme `data:`; write an address with http:// or https://"))]
    #[case(
        "http://h/?q",
        Some(
            "write only the scheme, the host and the port, without a query: the provider adds the paths of its issuers"
        )
    )]
    #[case(
        "http://h/#f",
        Some(
            "write only the scheme, the host and the port, without a fragment: the provider adds the paths of its issuers"
        )
    )]
    #[case(
        "http://h/idp",
        Some(
            "write only the scheme, the host and the port, without a path: the provider adds the paths of its issuers"
        )
    )]
    #[case(
        "http://u:p@h",
        Some(
            "write only the scheme, the host and the port, without a user name or password: the provider adds the paths of its issuers"
        )
    )]
    fn only_an_origin_will_do(#[case] text: &str, #[case] problem: Option<&str>) {
        let found = text.parse().map(|url| check_provider_url(&url).err().map(|error| error.to_string()));
        assert_eq!(found, Ok(problem.map(ToOwned::to_owned)));
    }
}
