//! The processes behind the server's address: replicas that answer in turn, and
//! the restart of a process that has ended.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

/// After so many more requests, a change has come everywhere.
const LATE: u32 = 12;

tokio::task_local! {
    /// Whether the replica that answers has not heard of the change.
    static BEHIND: bool;
}

/// Several replicas that answer in turn. They share everything; only a change
/// of the settings comes late to those that did not take it.
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

/// How long a restart takes, in seconds.
const RESTART: i64 = 2;

/// A restart, during which nothing answers. Times are in seconds since 1970.
#[derive(Debug, Default)]
pub struct Restart(Mutex<Option<i64>>);

impl Restart {
    /// The server ends at this time.
    pub fn begin(&self, now: i64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    /// Whether the server is not back at this time.
    pub fn is_under_way(&self, now: i64) -> bool {
        let since = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        since.is_some_and(|since| now < since.saturating_add(RESTART))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_takes_two_seconds_of_the_clock() {
        let restart = Restart::default();
        assert!(!restart.is_under_way(100));
        restart.begin(100);
        assert_eq!([100, 101, 102].map(|now| restart.is_under_way(now)), [true, true, false]);
    }
}
