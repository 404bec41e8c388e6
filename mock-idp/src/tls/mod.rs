//! Issuers over TLS: a private certificate authority, certificates that are
//! good or wrong in one way each, and a listener that shows one.
//!
//! What goes over a connection is for [`crate::connections`], as without TLS.

mod authority;
mod certificate;
mod listener;
mod validity;

pub use authority::{AuthorityError, CertificateAuthority};
pub use certificate::Tls;
pub(crate) use listener::TlsListener;
pub use validity::CertificateError;
