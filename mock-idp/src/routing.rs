//! Finds what answers a request: an issuer at the path of its endpoint, else
//! one of the routes beside the issuers.
//!
//! Requests come here whole, from [`crate::connections`].

use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;

use crate::endpoint;
use crate::issuers::Issuers;
use crate::protocol::Endpoint;

/// The open issuers, for all who need them.
pub(crate) type Shared = Arc<RwLock<Issuers>>;

/// Finds what answers a request. Clones share the issuers.
#[derive(Debug, Clone)]
pub(crate) struct Routing {
    issuers: Shared,
    /// What is no issuer's endpoint.
    beside: TowerToHyperService<Router>,
}

impl Routing {
    /// Of these issuers, with routes `beside` them.
    pub(crate) fn new(issuers: Shared, beside: Router) -> Self {
        let beside = beside.with_state(()).fallback(below).with_state(Arc::clone(&issuers));
        Self { issuers, beside: TowerToHyperService::new(beside) }
    }

    /// Notes a request that was not let in with the issuer that it was for: so
    /// that the journal shows that it came.
    pub(crate) fn note_refusal(&self, parts: &Parts, response: &Response, text: &'static str) {
        let issuers = self.issuers.read().unwrap_or_else(PoisonError::into_inner);
        let above = || issuers.above(parts.uri.path()).map(|issuer| (issuer, Endpoint::Unknown));
        let found = issuers.endpoint(parts.uri.path()).or_else(above);
        drop(issuers);
        if let Some((issuer, wanted)) = found {
            endpoint::note_refusal(&issuer, wanted, parts, response, text);
        }
    }

    /// Answers a request that has come whole.
    pub(crate) async fn answer(&self, parts: Parts, body: Bytes) -> Response {
        let found = self.issuers.read().unwrap_or_else(PoisonError::into_inner).asked(&parts, &body);
        // Most requests are for an endpoint, and need no router to get there.
        if let Some((issuer, endpoint)) = found {
            return endpoint::answer(issuer, endpoint, parts, body).await;
        }
        let Ok(response) = self.beside.call(Request::from_parts(parts, Body::from(body))).await;
        response
    }
}

/// A path that leads nowhere belongs to the issuer above it, if there is one.
async fn below(State(issuers): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    // The body is already in memory.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let above = issuers.read().unwrap_or_else(PoisonError::into_inner).above(parts.uri.path());
    match above {
        Some(issuer) => endpoint::answer(issuer, Endpoint::Unknown, parts, body).await,
        None => (StatusCode::NOT_FOUND, "there is no issuer at this path").into_response(),
    }
}
