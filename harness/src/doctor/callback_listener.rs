//! Catches the answer of a sign-in at a redirect URI on this machine.

use std::net::SocketAddr;

use axum::Router;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use mock_idp::Url;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::look::is_loopback;

/// What the browser shows at the end.
const PAGE: &str = "<!doctype html><title>Sign-in</title><p>The doctor received the provider's response. Go back to \
                    the terminal.";

/// A listener at a redirect URI.
#[derive(Debug)]
pub struct CallbackListener {
    listener: TcpListener,
    redirect_uri: Url,
}

impl CallbackListener {
    /// Returns the address to listen at, if a redirect URI is plain http on this
    /// machine.
    pub fn address(redirect_uri: &Url) -> Option<SocketAddr> {
        let is_here = redirect_uri.scheme() == "http" && is_loopback(redirect_uri);
        let host = redirect_uri.host_str().filter(|_| is_here)?.trim_matches(['[', ']']);
        // `localhost` may be either loopback address; browsers try both.
        let host = if host == "localhost" { "127.0.0.1" } else { host };
        Some(SocketAddr::new(host.parse().ok()?, redirect_uri.port_or_known_default()?))
    }

    /// Listens at the address of a redirect URI.
    ///
    /// # Errors
    /// Why the port cannot be had.
    pub async fn listen(redirect_uri: &Url, address: SocketAddr) -> std::io::Result<Self> {
        Ok(Self { listener: TcpListener::bind(address).await?, redirect_uri: redirect_uri.clone() })
    }

    /// Returns the address at which a browser arrives first.
    pub async fn arrived(self) -> Option<Url> {
        let (sender, mut receiver) = mpsc::channel(1);
        let path = self.redirect_uri.path().to_owned();
        let routes = Router::new().fallback(async move |uri: Uri| -> Response {
            if uri.path() != path {
                return StatusCode::NOT_FOUND.into_response();
            }
            // Only the first arrival of the browser counts.
            let _ = sender.try_send(uri);
            Html(PAGE).into_response()
        });
        let serving = axum::serve(self.listener, routes);
        let uri = tokio::select! {
            _ = serving => None,
            uri = receiver.recv() => uri,
        }?;
        let mut url = self.redirect_uri;
        url.set_query(uri.query());
        Some(url)
    }
}
