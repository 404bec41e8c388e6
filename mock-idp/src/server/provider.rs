//! A running provider: it listens, and opens and closes issuers.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use indexmap::IndexMap;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use url::Url;

use super::{OpenError, ProviderOptions, StartError, TlsListeners, public_url};
use crate::clock::Clock;
use crate::connections::{self, Limits, ended};
use crate::guest::Guest;
use crate::issuer::{Issuer, Origins, Registration, State};
use crate::jose::{KeyPool, KeySource};
use crate::quirk::Deviations;
use crate::routing::{Routing, Shared};
#[cfg(feature = "tls")]
use crate::tls::CertificateAuthority;
use crate::tls::Tls;

/// A running provider. Dropping it ends it.
#[derive(Debug)]
pub struct Provider {
    origin: Url,
    address: SocketAddr,
    options: ProviderOptions,
    pool: KeyPool,
    issuers: Shared,
    tls: TlsListeners,
    opened: AtomicU64,
    server: JoinHandle<()>,
    by_ipv6: Option<(SocketAddr, JoinHandle<()>)>,
    ending: watch::Sender<bool>,
}

impl Provider {
    /// Listens; ready when it returns.
    pub async fn start(options: ProviderOptions) -> Result<Self, StartError> {
        Self::start_within(options, Limits::default()).await
    }

    /// The same, with other limits than the usual ones.
    pub async fn start_within(options: ProviderOptions, limits: Limits) -> Result<Self, StartError> {
        Self::start_beside(options, limits, Router::new()).await
    }

    /// The same, with routes `beside` the issuers.
    pub(crate) async fn start_beside(
        options: ProviderOptions,
        limits: Limits,
        beside: Router,
    ) -> Result<Self, StartError> {
        if options.keys == KeySource::Published && !options.listen.ip().to_canonical().is_loopback() {
            return Err(StartError::PublishedKeys(options.listen));
        }
        if let Some(url) = &options.public_url {
            public_url::check(url).map_err(|reason| StartError::PublicUrl { url: url.clone(), reason })?;
        }
        let listen = |source| StartError::Listen { address: options.listen, source };
        let listener = TcpListener::bind(options.listen).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let pool = KeyPool::new(options.keys);
        pool.prepare();
        let issuers = Shared::default();
        // The plain listener answers for all issuers: some https issuers list
        // endpoints there.
        let routing = Routing::new(Arc::clone(&issuers), beside);
        let (ending, told) = watch::channel(false);
        let serve = |listener: TcpListener| {
            // An answer that comes in pieces does not wait for the first to be acknowledged.
            let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
            tokio::spawn(connections::serve(listener, routing.clone(), limits, ended(told.clone())))
        };
        let by_ipv6 = ipv6_beside(address).await.map(|(address, listener)| (address, serve(listener)));
        let server = serve(listener);
        let origin = options.public_url.clone().unwrap_or_else(|| own_url(address));
        let tls = TlsListeners::new(&options, limits, address, origin.clone(), routing);
        Ok(Self { origin, address, options, pool, issuers, tls, opened: AtomicU64::new(0), server, by_ipv6, ending })
    }

    /// What others call it, without TLS.
    pub fn origin(&self) -> &Url {
        &self.origin
    }

    /// What others call it over `tls`. Listens there on the first call.
    pub fn origin_over(&self, tls: Tls) -> Result<Url, OpenError> {
        if tls == Tls::None {
            return Ok(self.origin.clone());
        }
        let issuers = Arc::clone(&self.issuers);
        let greeted = move || {
            let issuers = issuers.read().unwrap_or_else(PoisonError::into_inner);
            let shown = issuers.open().iter().filter(|issuer| issuer.state.tls == tls);
            shown.for_each(|issuer| issuer.state.note_connection());
        };
        self.tls.origin(tls, greeted, self.ending.subscribe())
    }

    /// Where it really listens, without TLS.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// What those call it who come by IPv6, without TLS: on loopback, at the
    /// same port, if it could be had there.
    pub fn ipv6_origin(&self) -> Option<Url> {
        self.by_ipv6.as_ref().map(|(address, _)| own_url(*address))
    }

    /// All that it is called so far, each with what it speaks there and where
    /// it really listens.
    pub fn addresses(&self) -> Vec<(Tls, Url, SocketAddr)> {
        let plain = (Tls::None, self.origin.clone(), self.address);
        let by_ipv6 = self.by_ipv6.as_ref().map(|(address, _)| (Tls::None, own_url(*address), *address));
        std::iter::once(plain).chain(by_ipv6).chain(self.tls.open()).collect()
    }

    /// The authority that signs the certificates of its https issuers; none if
    /// none was given and no issuer needed one so far.
    #[cfg(feature = "tls")]
    pub fn authority(&self) -> Option<Arc<CertificateAuthority>> {
        self.tls.authority()
    }

    /// The secret of user agents that may get codes.
    pub fn secret(&self) -> &str {
        &self.options.secret
    }

    /// Its time.
    pub fn clock(&self) -> &Clock {
        &self.options.clock
    }

    /// Opens an issuer.
    pub fn open(&self, registration: Registration) -> Result<Issuer, OpenError> {
        let issuer = self.issuer(registration)?;
        self.issuers.write().unwrap_or_else(PoisonError::into_inner).add(&issuer).map_err(OpenError::Taken)?;
        Ok(issuer)
    }

    /// Opens an issuer at a path that it shares with other guests, which must
    /// publish the same. [`Provider::close`] closes it.
    pub fn receive(&self, registration: Registration, name: &str) -> Result<Guest, OpenError> {
        // Honest, and without end-users: it answers what no guest owns.
        let host =
            Registration { deviations: Deviations::default(), end_users: IndexMap::new(), ..registration.clone() };
        let issuer = self.issuer(registration)?;
        let host = self.issuer(host)?;
        let mut issuers = self.issuers.write().unwrap_or_else(PoisonError::into_inner);
        let host = match issuers.host_of(&issuer) {
            Some(host) => host,
            None => issuers.add(&host).map(|()| host).map_err(OpenError::Taken)?,
        };
        let guest = Guest::new(name, issuer, host);
        issuers.receive(guest.clone());
        Ok(guest)
    }

    fn issuer(&self, registration: Registration) -> Result<Issuer, OpenError> {
        if !registration.path.is_empty() && !registration.path.starts_with('/') {
            return Err(OpenError::Path(registration.path));
        }
        let bare = |origin: &Url| origin.as_str().trim_end_matches('/').to_owned();
        let origins = Origins { own: bare(&self.origin_over(registration.tls)?), plain: bare(&self.origin) };
        let options = &self.options;
        let (clock, secret) = (options.clock.clone(), options.secret.clone());
        // No two issuers hand out the same codes, not even at the same path.
        let seed = options.seed.wrapping_add(self.opened.fetch_add(1, Ordering::Relaxed));
        Ok(Issuer::of(State::new(&origins, registration, clock, self.pool.clone(), secret, seed)?))
    }

    /// Closes an issuer; its paths are free again.
    pub fn close(&self, issuer: &Issuer) {
        self.issuers.write().unwrap_or_else(PoisonError::into_inner).remove(issuer);
    }

    /// Takes no more requests and waits until those that are open have their
    /// answers; whether all had them before `patience` ran out. What is still
    /// open then is cut off.
    pub async fn shut_down(mut self, patience: Duration) -> bool {
        self.ending.send_replace(true);
        let ended = async {
            let _ = (&mut self.server).await;
            if let Some((_, server)) = &mut self.by_ipv6 {
                let _ = server.await;
            }
            self.tls.ended().await;
        };
        tokio::time::timeout(patience, ended).await.is_ok()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.server.abort();
        if let Some((_, server)) = &self.by_ipv6 {
            server.abort();
        }
    }
}

/// A second listener for one on IPv4 loopback, because `localhost` may lead to
/// either. Machines without IPv6 have none.
async fn ipv6_beside(address: SocketAddr) -> Option<(SocketAddr, TcpListener)> {
    if address.ip() != Ipv4Addr::LOCALHOST {
        return None;
    }
    let address = SocketAddr::from((Ipv6Addr::LOCALHOST, address.port()));
    TcpListener::bind(address).await.ok().map(|listener| (address, listener))
}

fn own_url(address: SocketAddr) -> Url {
    let url = format!("http://{address}/");
    // A socket address always makes a URL; were it not so, nothing would work.
    Url::parse(&url).unwrap_or_else(|_| unreachable!("`{url}` is a URL"))
}
