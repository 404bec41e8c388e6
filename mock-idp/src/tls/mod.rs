//! Issuers over TLS: a private certificate authority, certificates that are
//! good or wrong in one way each, and a listener that shows one.
//!
//! What goes over a connection is for [`crate::connections`], as without TLS.

#[cfg(feature = "tls")]
mod authority;
#[cfg(feature = "tls")]
mod certificate;
mod kind;
#[cfg(feature = "tls")]
mod listener;
#[cfg(feature = "tls")]
mod validity;

#[cfg(feature = "tls")]
pub use authority::{AuthorityError, CertificateAuthority};
pub use kind::Tls;
#[cfg(feature = "tls")]
pub(crate) use listener::TlsListener;
#[cfg(feature = "tls")]
pub use validity::CertificateError;
