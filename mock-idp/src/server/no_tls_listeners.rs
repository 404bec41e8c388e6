//! The TLS listeners of a provider that is built without the feature `tls`:
//! none.

use std::net::SocketAddr;

use tokio::sync::watch;
use url::Url;

use super::{OpenError, ProviderOptions};
use crate::connections::Limits;
use crate::routing::Routing;
use crate::tls::Tls;

/// No TLS listeners.
#[derive(Debug)]
pub(super) struct NoTlsListeners;

impl NoTlsListeners {
    pub(super) fn new(_: &ProviderOptions, _: Limits, _: SocketAddr, _: Url, _: Routing) -> Self {
        Self
    }

    /// # Errors
    /// Always.
    #[expect(clippy::unused_self, reason = "as with the feature")]
    pub(super) fn origin(&self, _: Tls, _: impl Fn(), _: watch::Receiver<bool>) -> Result<Url, OpenError> {
        Err(OpenError::WithoutTls)
    }

    #[expect(clippy::unused_self, reason = "as with the feature")]
    pub(super) fn open(&self) -> impl Iterator<Item = (Tls, Url, SocketAddr)> {
        std::iter::empty()
    }

    #[expect(clippy::unused_async, reason = "as with the feature")]
    pub(super) async fn ended(&mut self) {}
}
