//! Issuers over TLS: a private certificate authority, certificates that are
//! good or wrong in one way each, and the listeners that show them.
//!
//! What goes over a connection is for [`crate::connections`], as without TLS.

mod authority;
mod certificate;
mod listener;
mod listeners;

pub use authority::{AuthorityError, CertificateAuthority};
pub use certificate::{CertificateError, Tls};
pub(crate) use listener::TlsListener;
pub(crate) use listeners::TlsListeners;
