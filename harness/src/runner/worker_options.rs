//! The options of a worker, mostly the address of its provider. Several workers
//! have providers at neighboring ports. [`super::worker`] plays the tests.

use std::net::SocketAddr;
use std::sync::Arc;

use mock_idp::by_hand::Console;
use mock_idp::{CertificateAuthority, Clock, KeySource, Provider, ProviderOptions, StartError};
use url::Url;

use super::RunError;
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

/// The provider takes a port, and six more for issuers over TLS.
const PORTS: u16 = 7;

impl WorkerOptions {
    /// The same for the worker with this number: where ports are given, its
    /// provider has those that follow the ones of the worker before.
    pub(super) fn for_worker(&self, index: usize) -> Result<Self, RunError> {
        let mut options = self.clone();
        if index == 0 {
            return Ok(options);
        }
        let further = |port: u16| {
            let ports = u16::try_from(index).ok().and_then(|index| index.checked_mul(PORTS));
            ports.and_then(|ports| port.checked_add(ports)).ok_or(RunError::Ports { port, providers: index + 1 })
        };
        if self.idp_listen.port() != 0 {
            options.idp_listen.set_port(further(self.idp_listen.port())?);
        }
        if let Some(url) = &mut options.idp_url {
            let port = url.port().ok_or_else(|| RunError::ProviderAddress(url.to_string()))?;
            // An address with a port can have another one.
            let _ = url.set_port(Some(further(port)?));
        }
        Ok(options)
    }

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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("127.0.0.1:9000", Some("http://h:9000"), 1, "127.0.0.1:9007 http://h:9007/")]
    #[case("127.0.0.1:0", None, 5, "127.0.0.1:0 none")]
    #[case("127.0.0.1:9000", Some("https://h"), 0, "127.0.0.1:9000 https://h/")]
    #[case(
        "127.0.0.1:9000",
        Some("https://h"),
        1,
        "https://h/ has no port, but each target or job needs a provider with its own port"
    )]
    #[case("127.0.0.1:65530", None, 1, "not enough ports from 65530 on for 2 providers: each needs 7")]
    #[case("127.0.0.1:1", None, 9999, "not enough ports from 1 on for 10000 providers: each needs 7")]
    fn each_provider_has_its_own_ports(
        #[case] listen: &str,
        #[case] url: Option<&str>,
        #[case] index: usize,
        #[case] expected: &str,
    ) {
        let options = WorkerOptions {
            idp_listen: listen.parse().unwrap(),
            idp_url: url.map(|url| url.parse().unwrap()),
            authority: None,
            seed: 1,
            client: crate::http_client::indifferent().unwrap(),
            browser_client: crate::http_client::indifferent().unwrap(),
            with_pages: false,
        };
        let url = |options: &WorkerOptions| options.idp_url.as_ref().map_or("none".to_owned(), Url::to_string);
        let shown = |options: WorkerOptions| format!("{} {}", options.idp_listen, url(&options));
        assert_eq!(options.for_worker(index).map_or_else(|error| error.to_string(), shown), expected);
    }
}
