//! How a worker is made, which is mostly where its provider listens; several
//! workers have theirs next to each other. What it plays is for
//! [`super::worker`].

use std::net::SocketAddr;
use std::sync::Arc;

use mock_idp::by_hand::Attendance;
use mock_idp::{CertificateAuthority, Clock, KeySource, Provider, ProviderOptions, StartError};
use url::Url;

use super::RunError;
use crate::http_client;

/// How a worker is made.
#[derive(Debug, Clone)]
pub struct WorkerOptions {
    /// Where the provider listens.
    pub idp_listen: SocketAddr,
    /// How the target calls the provider, if not by that address.
    pub idp_url: Option<Url>,
    /// The certificate authority that the target was told to trust; if there
    /// is none, only the reference server knows that of the provider.
    pub authority: Option<Arc<CertificateAuthority>>,
    /// Seed of everything random.
    pub seed: u64,
    /// For the harness's own requests; must not follow redirects.
    pub client: reqwest::Client,
    /// Whether the provider shows pages to people, too.
    pub attended: bool,
}

/// The provider takes a port, and six more for issuers over TLS.
const PORTS: u16 = 7;

impl WorkerOptions {
    /// The same for the worker with this number: where ports are given, its
    /// provider has those that follow the ones of the worker before.
    pub(super) fn for_worker(&self, index: usize) -> Result<Self, RunError> {
        let mut options = self.clone();
        let further = u16::try_from(index).unwrap_or(u16::MAX).saturating_mul(PORTS);
        if further == 0 {
            return Ok(options);
        }
        if self.idp_listen.port() != 0 {
            options.idp_listen.set_port(self.idp_listen.port().saturating_add(further));
        }
        if let Some(url) = &mut options.idp_url {
            let port = url.port().ok_or_else(|| RunError::ProviderAddress(url.to_string()))?;
            // An address with a port can have another one.
            let _ = url.set_port(Some(port.saturating_add(further)));
        }
        Ok(options)
    }

    /// Starts the provider, with its pages for people where it is attended.
    pub(super) async fn provider(
        &self,
        keys: KeySource,
        clock: Clock,
        seed: u64,
        secret: String,
    ) -> Result<(Provider, Option<Attendance>), StartError> {
        let options = ProviderOptions {
            listen: self.idp_listen,
            public_url: self.idp_url.clone(),
            keys,
            clock,
            seed,
            secret,
            authority: self.authority.clone(),
        };
        if self.attended {
            let http = || http_client::of_the_system(b"").map_err(|error| error.to_string());
            let (provider, attendance) = Provider::start_attended(options, http).await?;
            return Ok((provider, Some(attendance)));
        }
        Ok((Provider::start(options).await?, None))
    }
}
