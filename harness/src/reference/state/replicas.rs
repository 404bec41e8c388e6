//! Several replicas behind one address that answer in turn. They share
//! everything; only a change of the settings comes late to those that did not
//! take it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

/// After so many more requests, a change has come everywhere.
const LATE: u32 = 12;

tokio::task_local! {
    /// Whether the replica that answers has not heard of the change.
    static BEHIND: bool;
}

/// What the replicas know.
#[derive(Debug)]
pub struct Replicas {
    count: u32,
    requests: AtomicU32,
    /// The settings before the last change, and after which request they are
    /// forgotten.
    before: Mutex<Option<(Value, u32)>>,
}

impl Replicas {
    pub fn new(count: u32) -> Self {
        Self { count: count.max(1), requests: AtomicU32::new(0), before: Mutex::new(None) }
    }

    /// The settings were changed; these were in force before.
    pub fn changed(&self, before: Value) {
        if self.count > 1 {
            let until = self.requests.load(Ordering::Relaxed).saturating_add(LATE);
            *self.before.lock().unwrap_or_else(PoisonError::into_inner) = Some((before, until));
        }
    }

    /// What the replica that answers takes for the settings.
    pub fn seen(&self, newest: &Value) -> Value {
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

    /// Has the replica answer whose turn it is.
    pub async fn answer<T>(&self, answer: impl Future<Output = T>) -> T {
        if self.count == 1 {
            return answer.await;
        }
        BEHIND.scope(self.turn(), answer).await
    }
}
