//! The URL by which others call a provider: below it are its issuers.

use url::Url;

/// Why a provider cannot be called by a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PublicUrlError {
    /// It cannot be read.
    #[error(transparent)]
    Form(#[from] url::ParseError),
    /// It is neither http nor https.
    #[error("it does not begin with http:// or https://")]
    Scheme,
    /// It names a user or has a password.
    #[error("it has a user name, which a public URL must not have")]
    User,
    /// It has a query or a fragment (OIDC Discovery §3, `issuer`).
    #[error("it has a query or a fragment, which an issuer must not have")]
    Query,
}

/// Reads such a URL.
pub fn public_url(text: &str) -> Result<Url, PublicUrlError> {
    let url = Url::parse(text)?;
    check(&url).map(|()| url)
}

/// Whether a provider can be called by it.
pub(super) fn check(url: &Url) -> Result<(), PublicUrlError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(PublicUrlError::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(PublicUrlError::User);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(PublicUrlError::Query);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("http://127.0.0.1:9000", None)]
    #[case("https://idp.example.org/below/", None)]
    #[case("http://[::1]:9000/", None)]
    #[case("ftp://idp.example.org", Some(PublicUrlError::Scheme))]
    #[case("data:x", Some(PublicUrlError::Scheme))]
    #[case("idp.example.org:9000", Some(PublicUrlError::Scheme))]
    #[case("idp.example.org", Some(PublicUrlError::Form(url::ParseError::RelativeUrlWithoutBase)))]
    #[case("http://", Some(PublicUrlError::Form(url::ParseError::EmptyHost)))]
    #[case("http://u:p@127.0.0.1:9000", Some(PublicUrlError::User))]
    #[case("http://:p@127.0.0.1:9000", Some(PublicUrlError::User))]
    #[case("http://127.0.0.1:9000/?q", Some(PublicUrlError::Query))]
    #[case("http://127.0.0.1:9000/#f", Some(PublicUrlError::Query))]
    fn only_an_address_of_a_provider_is_one(#[case] text: &str, #[case] expected: Option<PublicUrlError>) {
        assert_eq!(public_url(text).err(), expected);
    }
}
