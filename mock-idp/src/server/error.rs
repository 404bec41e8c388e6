//! Why a provider could not start, or an issuer could not be opened.

use std::net::SocketAddr;

use url::Url;

use super::PublicUrlError;
use crate::settings::SettingsError;
#[cfg(feature = "tls")]
use crate::tls::CertificateError;

/// Why a provider could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be had.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// The published keys are public, and other machines could reach this
    /// address.
    #[error("other machines can reach {0}, so the provider must not use its published test keys: use new keys")]
    PublishedKeys(SocketAddr),
    /// No client can use that URL.
    #[error("`{url}` cannot be the provider's public URL: {reason}")]
    PublicUrl {
        /// The URL.
        url: Url,
        /// Why not.
        reason: PublicUrlError,
    },
}

/// Why an issuer could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another endpoint is there.
    #[error("there is already an endpoint at `{0}`")]
    Taken(String),
    /// The path does not start with a slash.
    #[error("the path of an issuer must be empty or begin with a slash: `{0}`")]
    Path(String),
    /// The settings cannot be had together.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The address of its kind of certificate cannot be had.
    #[error("cannot listen on {address} for TLS: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// An issuer over https needs the feature `tls`.
    #[error("cannot serve the issuer over https: mock-idp was built without its feature `tls`")]
    WithoutTls,
    /// Its certificate cannot be had.
    #[cfg(feature = "tls")]
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}
