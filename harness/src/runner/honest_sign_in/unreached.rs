//! Finds why a server does not reach the provider: from the server's message,
//! from the provider's address, and from what this machine finds there.

use std::net::SocketAddr;
use std::time::Duration;

use mock_idp::Tls;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::{Host, Url};

use crate::runner::failed_sign_in::FailedSignIn;

/// The way from the server to the provider.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way<'a> {
    /// The provider's address for the server.
    pub(super) issuer: &'a str,
    /// The server's address.
    pub(super) target: &'a str,
    /// Where the provider listens.
    pub(super) listens: SocketAddr,
    /// Whether the provider itself speaks TLS there.
    pub(super) tls: Tls,
    /// Whether the server broke off a TLS handshake.
    pub(super) is_certificate: bool,
    /// What the server says.
    pub(super) message: &'a str,
}

/// What this machine finds at the address that the server was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Probed {
    /// The name does not resolve.
    NoName,
    /// No program listens.
    Closed,
    /// No answer comes in time.
    Silent,
    /// A program listens.
    Open,
}

/// How long this machine waits for a name or a connection.
const PATIENCE: Duration = Duration::from_secs(3);

/// What servers say of a name that does not resolve: Node, glibc, Go, Rust.
const NO_NAME: &[&str] = &["ENOTFOUND", "EAI_AGAIN", "Name or service not known", "no such host", "dns error"];

/// What they say of a certificate.
const CERTIFICATE: &[&str] = &["certificate", "CERT_", "_CERT", "UNABLE_TO_VERIFY", "UnknownIssuer"];

fn says(message: &str, words: &[&str]) -> bool {
    words.iter().any(|word| message.contains(word))
}

/// Returns whether an address leads each host to itself.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl Way<'_> {
    /// Returns why the server does not reach the provider.
    pub(super) async fn failure(&self) -> FailedSignIn {
        let url = Url::parse(self.issuer).ok();
        let found = match &url {
            Some(url) => find(url).await,
            None => Probed::NoName,
        };
        let is_untrusted = self.is_certificate || says(self.message, CERTIFICATE);
        let sentence = if is_untrusted {
            format!("the server does not trust the certificate of the provider at {}", self.issuer)
        } else {
            format!("the server does not reach the provider at {}: {}", self.issuer, self.said())
        };
        let (cause, advice) = match &url {
            Some(_) if is_untrusted => self.untrusted(),
            Some(url) => self.unreached(url, found),
            None => self.beyond(),
        };
        FailedSignIn { sentence, target: None, exchanges: Vec::new(), cause, advice, is_unreached: true }
    }

    /// Returns what the server says of it.
    fn said(&self) -> String {
        if self.message.is_empty() {
            "it does not answer in time".to_owned()
        } else {
            format!("“{}”", self.message)
        }
    }

    fn untrusted(&self) -> (String, String) {
        let cause = "The server began a TLS handshake with the provider and broke it off: it does not trust the \
                     authority that signed the provider's certificate.";
        let advice = if self.tls == Tls::None {
            "Configure the server to trust the authority that signed the reverse proxy's certificate, and restart the \
             server."
        } else {
            "Configure the server to trust ca.pem in the folder of --idp-ca, and restart the server. For Immich, set \
             NODE_EXTRA_CA_CERTS to the path of ca.pem; for `oidc-harness reference`, use --ca."
        };
        (cause.to_owned(), advice.to_owned())
    }

    fn unreached(&self, url: &Url, found: Probed) -> (String, String) {
        let name = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or_default();
        if self.message.contains("HTTPS are allowed") {
            return (
                "The server accepts only https issuers, but the provider's address begins with http.".to_owned(),
                "Allow insecure requests in the server's OAuth settings. Or put a reverse proxy with TLS in front of \
                 the provider, and pass its address with --idp-url https://…"
                    .to_owned(),
            );
        }
        if found == Probed::NoName || says(self.message, NO_NAME) {
            let where_else = if found == Probed::NoName { ", and neither can this machine" } else { "" };
            return (
                format!("The server cannot resolve the host name {name}{where_else}."),
                "Pass --idp-url an IP address, or a host name that the server can resolve. A container can resolve \
                 host.docker.internal if its compose file has `extra_hosts: host.docker.internal:host-gateway`."
                    .to_owned(),
            );
        }
        if url.scheme() == "https" && self.tls == Tls::None {
            let cause = match found {
                Probed::Open => format!(
                    "A program listens on {name} port {port}. Either the server does not trust its certificate, or the \
                     proxy there does not forward the request."
                ),
                _ => format!("No reverse proxy answers on {name} port {port}, at least not to this machine."),
            };
            let advice = format!(
                "Configure the reverse proxy to forward every path to the provider at {}. The server must resolve the \
                 proxy's host name and trust its certificate.",
                self.listens
            );
            return (cause, advice);
        }
        if is_loopback(url) {
            return self.at_loopback(port, found);
        }
        match found {
            Probed::Closed => (
                format!("No program listens on {name} port {port}: the provider listens on {}.", self.listens),
                format!(
                    "Add --idp-listen 0.0.0.0:{port}, so that the provider accepts connections from other hosts and \
                     containers."
                ),
            ),
            Probed::Silent => (
                format!("The address does not answer this machine either: a firewall blocks {name} port {port}."),
                format!("Open port {port} in the firewall, or pass --idp-url another address of this machine."),
            ),
            Probed::Open | Probed::NoName => self.beyond(),
        }
    }

    /// The address leads each host to itself.
    fn at_loopback(&self, port: u16, found: Probed) -> (String, String) {
        let of_target = Url::parse(self.target).ok().is_some_and(|url| is_loopback(&url));
        if found == Probed::Closed && of_target {
            return (
                format!("No program listens on port {port} of this machine: the provider listens on {}.", self.listens),
                "Remove --idp-url if the server runs on this machine. If you use a tunnel (ssh -R), check that it runs."
                    .to_owned(),
            );
        }
        let elsewhere = if of_target {
            "the server runs in a container, and the provider does not run there"
        } else {
            "the server runs on another machine or in a container, and the provider does not run there"
        };
        (
            format!(
                "The provider's address is a loopback address, which each host understands as itself: {elsewhere}."
            ),
            "For a container on Docker's bridge, add --idp-listen 0.0.0.0:9000 --idp-url http://172.17.0.1:9000. For \
             another machine, add --idp-listen 0.0.0.0:9000 --idp-url http://NAME-OF-THIS-MACHINE:9000, or forward the \
             port with ssh -R. See “Network topologies” in docs/staging.md."
                .to_owned(),
        )
    }

    /// This machine comes there.
    fn beyond(&self) -> (String, String) {
        (
            "This machine reaches the provider at this address, but the server does not: a firewall blocks it, or the \
             server is in another network."
                .to_owned(),
            format!(
                "Run `curl {}/` on the server's host, inside its container. If only this machine can open connections \
                 to the server's host, forward a port there to the provider with ssh -R.",
                self.issuer
            ),
        )
    }
}

/// Looks where the server was sent.
async fn find(url: &Url) -> Probed {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return Probed::NoName };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let addresses: Vec<SocketAddr> = match timeout(PATIENCE, lookup_host((host, port))).await {
        Ok(Ok(addresses)) => addresses.collect(),
        Ok(Err(_)) | Err(_) => return Probed::NoName,
    };
    match timeout(PATIENCE, TcpStream::connect(addresses.as_slice())).await {
        Ok(Ok(_)) => Probed::Open,
        Ok(Err(error)) if error.kind() == std::io::ErrorKind::ConnectionRefused => Probed::Closed,
        Ok(Err(_)) | Err(_) => Probed::Silent,
    }
}
