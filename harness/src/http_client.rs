//! HTTP clients, by what they make of certificates. None follows redirects,
//! and none takes a proxy.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder};

/// How long an answer may take before it counts as none.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why there is no such client.
#[derive(Debug, thiserror::Error)]
pub enum HttpClientError {
    /// That is no certificate in PEM.
    #[error("it has no certificate in PEM: {0}")]
    Certificate(reqwest::Error),
    /// TLS cannot be had.
    #[error("cannot create the HTTP client: {}", causes(.0))]
    Build(reqwest::Error),
}

/// With what the browsers of scenarios go to each. What they send shares no
/// connection with the requests of the administrator.
#[derive(Debug, Clone)]
pub struct BrowserClients {
    /// To the target.
    pub target: Client,
    /// To the provider: it takes any certificate.
    pub provider: Client,
    /// The header that names their guest there, if the issuer has others.
    pub guest: Option<(String, String)>,
}

/// How a relying party can look at the certificates of a provider.
#[derive(Debug, Clone)]
pub struct ProviderClients {
    /// As it should be.
    pub(crate) verifying: Client,
    /// Takes any certificate.
    pub(crate) indifferent: Client,
    /// Takes none, since it knows no authority.
    pub(crate) stranger: Client,
}

fn builder() -> ClientBuilder {
    Client::builder().redirect(Policy::none()).no_proxy().timeout(PATIENCE)
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate>, HttpClientError> {
    Certificate::from_pem_bundle(pem).map_err(HttpClientError::Certificate)
}

/// Trusts what the system trusts, and the authorities in `pem`.
pub fn of_the_system(pem: &[u8]) -> Result<Client, HttpClientError> {
    builder().tls_certs_merge(certificates(pem)?).build().map_err(HttpClientError::Build)
}

/// Accepts any certificate: for connections whose peer is known in another way.
pub fn indifferent() -> Result<Client, HttpClientError> {
    builder().tls_danger_accept_invalid_certs(true).build().map_err(HttpClientError::Build)
}

impl ProviderClients {
    /// For a server that trusts the authorities in `pem`.
    pub fn of_the_system(pem: &[u8]) -> Result<Self, HttpClientError> {
        Self::with(of_the_system(pem)?)
    }

    /// Those of a server that has to do with one provider only, whose
    /// authority is in `pem`. Made sooner, as the system's are not read.
    pub fn of_the_provider(pem: &[u8]) -> Result<Self, HttpClientError> {
        let verifying = builder().tls_certs_only(certificates(pem)?).build();
        Self::with(verifying.map_err(HttpClientError::Build)?)
    }

    fn with(verifying: Client) -> Result<Self, HttpClientError> {
        let stranger = builder().tls_certs_only([]).build().map_err(HttpClientError::Build)?;
        Ok(Self { verifying, indifferent: indifferent()?, stranger })
    }
}

/// An error with its causes; the cause is what helps.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_a_certificate_is_reported() {
        let pem = b"-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n";
        assert!(of_the_system(pem).is_err());
    }
}
