//! The TLS listeners of a provider, one for each kind of certificate, each
//! opened when the first issuer wants it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use url::Url;

use super::{OpenError, ProviderOptions};
use crate::connections::{self, Limits, ended};
use crate::routing::Routing;
use crate::tls::{CertificateAuthority, Tls, TlsListener};

/// What all of them share.
#[derive(Debug)]
pub(super) struct TlsListeners {
    /// What answers, as it does at the plain one.
    routing: Routing,
    limits: Limits,
    /// Where the plain listener is.
    plain: SocketAddr,
    /// Whether the ports are to be foretold by that of the plain one.
    fixed: bool,
    /// What others call the plain one.
    origin: Url,
    /// When certificates are made. Peers look at clocks of their own, so the
    /// provider's must not have been moved.
    now: i64,
    runtime: Handle,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    /// Made when it is needed, if none was given.
    authority: Option<Arc<CertificateAuthority>>,
    listening: BTreeMap<Tls, Listening>,
}

#[derive(Debug)]
struct Listening {
    origin: Url,
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl TlsListeners {
    /// None is open yet. `plain` and `origin` are those of the plain listener.
    /// Inside of a runtime.
    pub(super) fn new(
        options: &ProviderOptions,
        limits: Limits,
        plain: SocketAddr,
        origin: Url,
        routing: Routing,
    ) -> Self {
        Self {
            routing,
            limits,
            plain,
            fixed: options.listen.port() != 0,
            origin,
            now: options.clock.now(),
            runtime: Handle::current(),
            open: Mutex::new(Open { authority: options.authority.clone(), ..Open::default() }),
        }
    }

    /// What others call the listener of that kind, which is opened if need be,
    /// until `told` changes; `greeted` is called at each connection.
    pub(super) fn origin(
        &self,
        tls: Tls,
        greeted: impl Fn() + Send + Sync + 'static,
        told: watch::Receiver<bool>,
    ) -> Result<Url, OpenError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listening) = open.listening.get(&tls) {
            return Ok(listening.origin.clone());
        }
        let authority = match open.authority.take() {
            Some(authority) => authority,
            None => Arc::new(CertificateAuthority::fresh(self.now)?),
        };
        let config = tls.server_config(&authority, &self.hosts(), self.now);
        open.authority = Some(authority);
        let config = config?;
        let wanted = self.wanted(tls);
        let failed = |source: std::io::Error| OpenError::Listen { address: wanted, source };
        let listener = std::net::TcpListener::bind(wanted).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let _inside = self.runtime.enter();
        let listener = TcpListener::from_std(listener).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let listener =
            TlsListener::new(listener, Arc::new(config), self.limits.connections, greeted).map_err(failed)?;
        let mut origin = self.origin.clone();
        // Both are there in any http URL, so that neither can fail.
        let _ = origin.set_scheme("https");
        let _ = origin.set_port(Some(address.port()));
        origin.set_path("");
        let server = tokio::spawn(connections::serve(listener, self.routing.clone(), self.limits, ended(told)));
        open.listening.insert(tls, Listening { origin: origin.clone(), address, server });
        Ok(origin)
    }

    /// Those that are open: what others call them, and where they are.
    pub(super) fn open(&self) -> Vec<(Tls, Url, SocketAddr)> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let open = open.listening.iter();
        open.map(|(tls, listening)| (*tls, listening.origin.clone(), listening.address)).collect()
    }

    /// Waits until those that are open have ended. They stay here meanwhile: a
    /// caller that stops waiting drops this, which ends them.
    pub(super) fn authority(&self) -> Option<Arc<CertificateAuthority>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).authority.clone()
    }

    pub(super) async fn ended(&mut self) {
        let open = self.open.get_mut().unwrap_or_else(PoisonError::into_inner);
        for listening in open.listening.values_mut() {
            let _ = (&mut listening.server).await;
        }
    }

    /// Any port if the plain listener has any; otherwise one of those after
    /// it, so that they can be let through to another network beforehand.
    fn wanted(&self, tls: Tls) -> SocketAddr {
        let position = Tls::ALL.iter().position(|one| *one == tls).unwrap_or_default();
        let after = u16::try_from(position).ok().and_then(|position| self.plain.port().checked_add(position));
        SocketAddr::new(self.plain.ip(), after.filter(|_| self.fixed).unwrap_or_default())
    }

    /// The names by which an issuer can be called.
    fn hosts(&self) -> Vec<String> {
        let mut hosts = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
        let public = self.origin.host_str().map(|host| host.trim_matches(['[', ']']).to_owned());
        let own = (!self.plain.ip().is_unspecified()).then(|| self.plain.ip().to_string());
        for host in public.into_iter().chain(own) {
            if !hosts.contains(&host) {
                hosts.push(host);
            }
        }
        hosts
    }
}

impl Drop for TlsListeners {
    fn drop(&mut self) {
        let open = self.open.get_mut().unwrap_or_else(PoisonError::into_inner);
        for listening in open.listening.values() {
            listening.server.abort();
        }
    }
}
