//! Gathers the evidence: what a server's public routes and settings show, and
//! what its provider publishes. No request here carries the client secret, and
//! none changes anything.

use std::net::SocketAddr;
use std::time::Duration;

use mock_idp::Url;
use reqwest::Client;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::evidence::{DoctorEvidence, ProviderEvidence, ServerEvidence};
use super::issuer_search::{fitting, of_authorization_endpoint};
use super::product::Product;
use crate::address::has_credentials;
use crate::immich::{Beginning, Immich, SignInSettings};
use crate::relying_party::{
    Answer, Discovery, Fetcher, IssuerMatch, Limits, Metadata, discover, discovery_address, key_set,
};

/// How long this machine waits for a name or a connection.
const PATIENCE: Duration = Duration::from_secs(3);

/// So many bytes a document of a provider may have.
const BYTES: usize = 1024 * 1024;

/// With what the doctor asks the provider.
#[derive(Debug, Clone)]
pub struct Clients {
    /// Trusts the authorities of the system and of `--ca`, and follows no
    /// redirect.
    pub provider: Client,
    /// How long an answer of the provider may take.
    pub patience: Duration,
}

impl Clients {
    pub(super) fn fetcher(&self) -> Fetcher<'_> {
        // Immich follows no redirects.
        let limits = Limits { time: Some(self.patience), bytes: BYTES, redirects: 0 };
        Fetcher { client: &self.provider, limits }
    }
}

/// Looks at a server and its provider, or at the provider of `settings` alone.
/// With an API key, the settings are those of the server. `now` is this
/// machine's time in seconds since 1970.
pub async fn look(server: Option<&Immich>, settings: SignInSettings, clients: &Clients, now: i64) -> DoctorEvidence {
    let mut evidence = DoctorEvidence { settings, server: None, provider: None, probe: None, sign_in: None, now };
    if let Some(server) = server {
        let (seen, settings) = look_at_server(server).await;
        evidence.settings = settings.unwrap_or(evidence.settings);
        if let Ok(Beginning::At(url)) = &seen.beginning {
            add_from_url(&mut evidence.settings, url);
        }
        evidence.server = Some(seen);
    }
    let (issuer, is_found) = match (&evidence.settings.issuer, &evidence.server) {
        (Some(issuer), _) => (Some(issuer.clone()), false),
        (None, Some(ServerEvidence { beginning: Ok(Beginning::At(url)), .. })) => {
            let client_id = evidence.settings.client_id.as_deref().unwrap_or_default();
            let found = match Url::parse(url) {
                Ok(url) => of_authorization_endpoint(clients.fetcher(), &url, client_id).await,
                Err(_) => None,
            };
            (found, true)
        }
        _ => (None, false),
    };
    // A password in the issuer URL goes nowhere, not even to its own host.
    if let Some(issuer) = issuer.filter(|issuer| !issuer.is_empty() && !has_credentials(issuer)) {
        evidence.provider = Some(look_at_provider(clients, &evidence.settings, issuer, is_found).await);
    }
    evidence
}

async fn look_at_server(server: &Immich) -> (ServerEvidence, Option<SignInSettings>) {
    let version = match server.ping().await {
        Ok(()) => server.version().await,
        Err(error) => Err(error),
    };
    let is_there = version.is_ok();
    let unasked = |error: &crate::immich::TargetError| error.clone();
    let (mut settings, mut read) = (None, None);
    let (offers_sign_in, beginning, time) = match &version {
        Ok(_) => (server.offers_sign_in().await, server.begin_sign_in().await, server.time().await.ok().flatten()),
        Err(error) => (Err(unasked(error)), Err(unasked(error)), None),
    };
    if is_there && !server.key().secret().is_empty() {
        let document = server.settings().await;
        settings = document.as_ref().ok().map(SignInSettings::of);
        read = Some(document.map(drop));
    }
    let origin = server.origin().to_owned();
    let dialect = server.dialect().clone();
    (ServerEvidence { origin, version, offers_sign_in, settings: read, beginning, time, dialect }, settings)
}

/// Adds what an authorization URL shows of settings that are not known.
fn add_from_url(settings: &mut SignInSettings, url: &str) {
    let Ok(url) = Url::parse(url) else { return };
    let parameter = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    settings.client_id = settings.client_id.take().or_else(|| parameter("client_id"));
    settings.scope = settings.scope.take().or_else(|| parameter("scope"));
}

async fn look_at_provider(
    clients: &Clients,
    settings: &SignInSettings,
    issuer: String,
    is_found: bool,
) -> ProviderEvidence {
    let fetcher = clients.fetcher();
    let discovery = discover(fetcher, &discovery_address(&issuer), &issuer).await;
    let mut provider = ProviderEvidence {
        issuer,
        is_found,
        time: discovery.as_ref().ok().and_then(|found| time_of(&found.answer)),
        discovery,
        fitting: None,
        keys: None,
        lost_endpoints: Vec::new(),
        product: None,
    };
    let Ok(found) = &provider.discovery else { return provider };
    if !is_fitting(found) {
        let client_id = settings.client_id.as_deref().unwrap_or_default();
        provider.fitting = fitting(fetcher, &provider.issuer, client_id, hints(found)).await;
    }
    if let Some(metadata) = metadata(found) {
        provider.product = Product::of(metadata);
        let keys = metadata.text("jwks_uri");
        if !keys.is_empty() {
            provider.keys = Some(key_set(fetcher, keys).await);
        }
        provider.lost_endpoints = lost_endpoints(metadata, &found.answer.address).await;
    }
    provider
}

fn metadata(found: &Discovery) -> Option<&Metadata> {
    found.document.as_ref().ok().map(|document| &document.metadata).filter(|_| found.answer.status == 200)
}

fn is_fitting(found: &Discovery) -> bool {
    let same = found.document.as_ref().is_ok_and(|document| document.issuer == IssuerMatch::Same);
    same && found.answer.status == 200
}

/// Returns issuers that an answer names: in its document, and by its redirect.
fn hints(found: &Discovery) -> Vec<String> {
    let named = metadata(found).map(|metadata| metadata.text("issuer").to_owned());
    let moved = found.answer.location().map(|url| {
        url.as_str().split_once("/.well-known/").map_or_else(|| url.to_string(), |(base, _)| base.to_owned())
    });
    named.into_iter().chain(moved).filter(|issuer| issuer.starts_with("http")).collect()
}

/// Returns the time of an answer, in seconds since 1970 (RFC 9110 §6.6.1).
fn time_of(answer: &Answer) -> Option<i64> {
    let date = answer.headers.get("date")?.to_str().ok()?;
    jiff::fmt::rfc2822::parse(date).ok().map(|date| date.timestamp().as_second())
}

/// Returns whether an address leads each host to itself.
pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The endpoints that the server and the browser ask.
const ENDPOINTS: &[&str] = &["authorization_endpoint", "token_endpoint", "userinfo_endpoint"];

/// Returns the endpoints at other hosts than the document to which this machine
/// finds no way. It connects and sends nothing.
async fn lost_endpoints(metadata: &Metadata, document: &Url) -> Vec<(&'static str, Url, String)> {
    let mut found = Vec::new();
    for name in ENDPOINTS {
        let Ok(url) = Url::parse(metadata.text(name)) else { continue };
        if url.origin() == document.origin() {
            continue;
        }
        if let Some(reason) = lost(&url).await {
            found.push((*name, url, reason));
        }
    }
    found
}

/// Returns why this machine finds no way to the host of a URL.
async fn lost(url: &Url) -> Option<String> {
    let (host, port) = (url.host_str()?, url.port_or_known_default()?);
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let addresses: Vec<SocketAddr> = match timeout(PATIENCE, lookup_host((name, port))).await {
        Ok(Ok(addresses)) => addresses.collect(),
        _ => return Some(format!("DNS does not know the host name {host}")),
    };
    match timeout(PATIENCE, TcpStream::connect(addresses.as_slice())).await {
        Ok(Ok(_)) => None,
        Ok(Err(_)) => Some(format!("no program answers on {host} port {port}")),
        Err(_) => Some(format!("{host} port {port} does not answer in time")),
    }
}
