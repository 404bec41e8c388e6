//! A server that ends and is started anew: for a moment, nothing answers.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long it takes.
const TIME: Duration = Duration::from_secs(2);

/// Whether the server is being started anew.
#[derive(Debug, Default)]
pub struct Restart(Mutex<Option<Instant>>);

impl Restart {
    /// The server ends now.
    pub fn begin(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether it is not yet back.
    pub fn is_under_way(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|since| since.elapsed() < TIME)
    }
}
