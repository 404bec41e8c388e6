//! What a provider is started with.

use std::net::SocketAddr;
#[cfg(feature = "tls")]
use std::sync::Arc;

use url::Url;

use crate::clock::Clock;
use crate::jose::KeySource;
#[cfg(feature = "tls")]
use crate::tls::CertificateAuthority;

/// How a provider is started.
#[derive(Debug, Clone)]
pub struct ProviderOptions {
    /// Where to listen; port 0 for any.
    pub listen: SocketAddr,
    /// What others call it, if not by the address it listens on.
    pub public_url: Option<Url>,
    /// Where its keys come from.
    pub keys: KeySource,
    /// Its time.
    pub clock: Clock,
    /// Seed of codes, tokens and session ids. A client that knows the seed can
    /// guess them.
    pub seed: u64,
    /// Codes go only to user agents that know this.
    pub secret: String,
    /// The authority that signs the certificates of its https issuers; if there
    /// is none, the provider creates an unknown one for the first of them.
    #[cfg(feature = "tls")]
    pub authority: Option<Arc<CertificateAuthority>>,
}
