//! Why a provider for a test could not start, or an end-user not sign in.

use url::Url;

#[cfg(feature = "profiles")]
use crate::profile::ProfileError;
#[cfg(feature = "profiles")]
use crate::quirk::QuirkError;
use crate::server::{OpenError, StartError};
#[cfg(feature = "profiles")]
use crate::settings::SettingsError;

/// Why a provider for a test could not start.
#[derive(Debug, thiserror::Error)]
pub enum MockIdpError {
    /// The provider does not listen.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The issuer is not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The product to imitate is not known.
    #[cfg(feature = "profiles")]
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The settings of the product contradict each other.
    #[cfg(feature = "profiles")]
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The quirks of the product contradict each other.
    #[cfg(feature = "profiles")]
    #[error(transparent)]
    Quirk(#[from] QuirkError),
}

/// Why a browser was not sent back to the client.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The text is not a URL.
    #[error("`{0}` is not a URL")]
    NotAUrl(String),
    /// The authorization request goes to another server.
    #[error("the authorization request goes to {url}, but this provider is {issuer}")]
    Elsewhere {
        /// Where the request goes.
        url: Box<Url>,
        /// The issuer identifier of this provider.
        issuer: String,
    },
    /// The name of the end-user does not fit into a header.
    #[error("`{0}` cannot sign in: the name has characters that an HTTP header cannot contain")]
    Name(String),
    /// The connection broke off.
    #[error("the provider did not answer: {0}")]
    Connection(String),
    /// The provider has the browser post a form, which no URL carries, or sends
    /// it to a URL where a form was expected.
    #[error("the browser goes to {0} {1}")]
    Delivery(Box<Url>, &'static str),
    /// The provider shows a page and sends the browser nowhere.
    #[error("the browser stays at the provider, on a page with status {status}: {page}")]
    Stays {
        /// The status of the page.
        status: u16,
        /// The text of the page.
        page: String,
    },
}
