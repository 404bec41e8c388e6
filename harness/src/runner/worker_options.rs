//! The options of a worker, mostly of its provider. [`super::provider_ports`]
//! gives each worker's provider its ports; [`super::worker`] plays the tests.

use std::net::SocketAddr;
use std::sync::Arc;

use mock_idp::by_hand::Console;
use mock_idp::{CertificateAuthority, Clock, KeySource, Provider, ProviderOptions, StartError};
use url::Url;

use crate::http_client;
use crate::immich::remedy;

/// How a worker is made.
#[derive(Debug, Clone)]
pub struct WorkerOptions {
    /// Where the provider listens.
    pub idp_listen: SocketAddr,
    /// How the target calls the provider, if not by that address.
    pub idp_url: Option<Url>,
    /// The certificate authority that the target trusts; if there is none, only
    /// the reference server knows that of the provider.
    pub authority: Option<Arc<CertificateAuthority>>,
    /// Seed of everything random.
    pub seed: u64,
    /// For the administrator's requests; must not follow redirects.
    pub client: reqwest::Client,
    /// The same for what scenarios send, with connections of its own: a request
    /// that ends where it should not must not take in one with the key.
    pub browser_client: reqwest::Client,
    /// Whether the provider shows pages to people, too.
    pub with_pages: bool,
}

impl WorkerOptions {
    /// Starts the provider, with its pages for people if it shows them.
    pub(super) async fn provider(
        &self,
        keys: KeySource,
        clock: Clock,
        seed: u64,
        secret: String,
    ) -> Result<(Provider, Option<Console>), StartError> {
        let options = ProviderOptions {
            listen: self.idp_listen,
            public_url: self.idp_url.clone(),
            keys,
            clock,
            seed,
            secret,
            authority: self.authority.clone(),
        };
        if self.with_pages {
            let http = || http_client::of_the_system(b"").map_err(|error| error.to_string());
            let (provider, console) = Provider::start_with_console(options, http, remedy).await?;
            return Ok((provider, Some(console)));
        }
        Ok((Provider::start(options).await?, None))
    }
}
