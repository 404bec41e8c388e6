//! Several replicas behind one address, of which one answers after the other.
//! They share everything; only a change of the settings comes late to those
//! that did not take it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::Value;

use super::server::Server;

/// After so many more requests, a change has come everywhere.
const LATE: u32 = 12;

tokio::task_local! {
    /// Whether the replica that answers has not heard of the change.
    static BEHIND: bool;
}

/// What the replicas know.
#[derive(Debug)]
pub(super) struct Replicas {
    count: u32,
    requests: AtomicU32,
    /// The settings before the last change, and after which request they are
    /// forgotten.
    before: Mutex<Option<(Value, u32)>>,
}

impl Replicas {
    pub(super) fn new(count: u32) -> Self {
        Self { count: count.max(1), requests: AtomicU32::new(0), before: Mutex::new(None) }
    }

    /// The settings were changed; these were in force before.
    pub(super) fn changed(&self, before: Value) {
        if self.count > 1 {
            let until = self.requests.load(Ordering::Relaxed).saturating_add(LATE);
            *self.before.lock().unwrap_or_else(PoisonError::into_inner) = Some((before, until));
        }
    }

    /// What the replica that answers takes for the settings.
    pub(super) fn seen(&self, newest: &Value) -> Value {
        if !BEHIND.try_with(|behind| *behind).unwrap_or(false) {
            return newest.clone();
        }
        let before = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        before.as_ref().map_or_else(|| newest.clone(), |(before, _)| before.clone())
    }

    /// Whether the replica whose turn it is has not heard of the change.
    fn turn(&self) -> bool {
        let request = self.requests.fetch_add(1, Ordering::Relaxed);
        let before = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        before.as_ref().is_some_and(|(_, until)| request < *until && !request.is_multiple_of(self.count))
    }
}

/// Has the replica answer whose turn it is.
pub(super) async fn take_turns(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    if server.replicas.count == 1 {
        return next.run(request).await;
    }
    let behind = server.replicas.turn();
    BEHIND.scope(behind, next.run(request)).await
}
