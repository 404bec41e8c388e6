//! The ports of the providers of a run with several reference servers: each
//! worker has a provider, which takes the ports that follow those of the one before.

use super::{RunError, WorkerOptions};

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
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use rstest::rstest;

    use url::Url;

    use super::*;

    #[rstest]
    #[case("127.0.0.1:9000", Some("http://h:9000"), 1, "127.0.0.1:9007 http://h:9007/")]
    #[case("127.0.0.1:0", None, 5, "127.0.0.1:0 none")]
    #[case("127.0.0.1:9000", Some("https://h"), 0, "127.0.0.1:9000 https://h/")]
    #[case(
        "127.0.0.1:9000",
        Some("https://h"),
        1,
        "https://h/ has no port, but each job needs a provider on its own port"
    )]
    #[case("127.0.0.1:65530", None, 1, "there are not enough ports from 65530 on for 2 providers: each needs 7")]
    #[case("127.0.0.1:1", None, 9999, "there are not enough ports from 1 on for 10000 providers: each needs 7")]
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
