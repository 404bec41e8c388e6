//! Connections to the provider and what each may take: bytes, time, and their
//! number. The provider disconnects a client that exceeds it, so that a slow or
//! greedy client, or a faulty target, cannot starve the rest.
//!
//! [`crate::routing`] answers requests that arrive whole and that HTTP allows,
//! and notes the others. Encryption is below, in the listener.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::serve::Listener;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::request_head;
use crate::routing::Routing;

/// What connections may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many are open at a time; more wait until one closes.
    pub connections: usize,
    /// Size of the request line, and of request line and headers together, in
    /// bytes.
    pub head_bytes: usize,
    /// Size of a request's body, in bytes.
    pub body_bytes: usize,
    /// How long the head of a request may take, and how long a connection may
    /// be idle between two.
    pub head_time: Duration,
    /// How long the body of a request may take.
    pub body_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            head_bytes: 64 * 1024,
            body_bytes: 64 * 1024,
            head_time: Duration::from_secs(60),
            body_time: Duration::from_secs(20),
        }
    }
}

/// Serves until `ended`, then finishes the answers that are under way. All
/// connections close when the future is dropped.
pub(crate) async fn serve<L: Listener>(
    mut listener: L,
    routing: Routing,
    limits: Limits,
    ended: impl Future<Output = ()>,
) {
    let mut http = http1::Builder::new();
    // Twice the limit, so that what is too long differs from what is too
    // much; with less than 8 KiB hyper panics.
    let buffer = limits.head_bytes.saturating_mul(2).max(8192);
    http.timer(TokioTimer::new()).header_read_timeout(limits.head_time).max_buf_size(buffer).writev(false);
    let places = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let mut open = JoinSet::new();
    let mut ended = pin!(ended);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await.0)
        };
        let (place, io) = tokio::select! {
            next = next => next,
            () = &mut ended => break,
        };
        let routing = routing.clone();
        let service = service_fn(move |request| answer(routing.clone(), limits, request));
        let connection = graceful.watch(http.serve_connection(TokioIo::new(io), service));
        open.spawn(async move {
            // A client that closes the connection gets no error.
            let _ = connection.await;
            drop(place);
        });
        while open.try_join_next().is_some() {}
    }
    drop(listener);
    graceful.shutdown().await;
}

/// Returns when the provider should end, or is gone.
pub(crate) async fn ended(mut told: watch::Receiver<bool>) {
    let _ = told.wait_for(|ending| *ending).await;
}

async fn answer(routing: Routing, limits: Limits, request: Request<Incoming>) -> Result<Response, Infallible> {
    const TOO_LARGE: (StatusCode, &str) = (StatusCode::PAYLOAD_TOO_LARGE, "the request body is too large");
    let (parts, body) = request.into_parts();
    let refused = match request_head::mistake(&parts, limits.head_bytes) {
        Some(mistake) => mistake,
        // What is announced need not be waited for.
        None if usize::try_from(body.size_hint().lower()).map_or(true, |announced| announced > limits.body_bytes) => {
            TOO_LARGE
        }
        None if body.is_end_stream() => return Ok(routing.answer(parts, Bytes::new()).await),
        None => match timeout(limits.body_time, Limited::new(body, limits.body_bytes).collect()).await {
            Ok(Ok(body)) => return Ok(routing.answer(parts, body.to_bytes()).await),
            Ok(Err(error)) if error.is::<LengthLimitError>() => TOO_LARGE,
            Ok(Err(_)) => (StatusCode::BAD_REQUEST, "the request body did not arrive completely"),
            Err(_) => (StatusCode::REQUEST_TIMEOUT, "the request body took too long to arrive"),
        },
    };
    let response = cut_off(refused);
    routing.note_refusal(&parts, &response, refused.1);
    Ok(response)
}

/// The last answer of a connection.
fn cut_off(answer: (StatusCode, &'static str)) -> Response {
    let mut response = answer.into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
