//! A listener whose connections are TLS. Handshakes run side by side, so that a
//! peer that is slow, or rejects the certificate, delays no other.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::server::Acceptor;
use tokio_rustls::server::TlsStream;

/// Slower peers are cut off.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections that were made and not yet taken.
const BACKLOG: usize = 64;

/// A listener for TLS. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct TlsListener {
    address: SocketAddr,
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    accepting: JoinHandle<()>,
}

impl TlsListener {
    /// Shows the certificate of `config` to clients, so many `at_once`: others
    /// wait until a handshake has ended and its connection was accepted. Calls
    /// `greeted` for each client that begins a handshake, before it sees the
    /// certificate.
    pub(crate) fn new(
        listener: TcpListener,
        config: Arc<ServerConfig>,
        at_once: usize,
        greeted: impl Fn() + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let (sender, ready) = mpsc::channel(BACKLOG);
        let accepting = tokio::spawn(accept(listener, config, at_once, Arc::new(greeted), sender));
        Ok(Self { address, ready, accepting })
    }
}

impl Drop for TlsListener {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // Only if accepting failed: no more connections come.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        Ok(self.address)
    }
}

async fn accept(
    mut listener: TcpListener,
    config: Arc<ServerConfig>,
    at_once: usize,
    greeted: Arc<impl Fn() + Send + Sync + 'static>,
    sender: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    let mut handshakes = JoinSet::new();
    loop {
        tokio::select! {
            (stream, peer) = Listener::accept(&mut listener), if handshakes.len() < at_once => {
                let (config, greeted, sender) = (Arc::clone(&config), Arc::clone(&greeted), sender.clone());
                handshakes.spawn(async move {
                    let shaken = tokio::time::timeout(PATIENCE, handshake(stream, config, &*greeted)).await;
                    if let Ok(Ok(stream)) = shaken {
                        // The other end goes only when all of this goes.
                        let _ = sender.send((stream, peer)).await;
                    }
                });
            }
            Some(_) = handshakes.join_next() => {}
        }
    }
}

async fn handshake(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    greeted: &impl Fn(),
) -> std::io::Result<TlsStream<TcpStream>> {
    let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
    greeted();
    start.into_stream(config).await
}
