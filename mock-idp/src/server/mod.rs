//! The HTTP server in front of the issuers: it listens, and opens and closes
//! them. What answers at which path is for [`crate::routing`], how much a
//! connection may take for [`crate::connections`], listening over TLS for
//! [`crate::tls`].

mod error;
#[cfg(not(feature = "tls"))]
mod no_tls_listeners;
mod options;
mod provider;
mod public_url;
#[cfg(feature = "tls")]
mod tls_listeners;

pub use error::{OpenError, StartError};
#[cfg(not(feature = "tls"))]
use no_tls_listeners::NoTlsListeners as TlsListeners;
pub use options::ProviderOptions;
pub use provider::Provider;
pub use public_url::{PublicUrlError, public_url};
#[cfg(feature = "tls")]
use tls_listeners::TlsListeners;
