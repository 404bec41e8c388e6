//! What the tests of a run find out once for all of them, by name. Where one
//! is about to, those beside it wait.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use tokio::sync::{Mutex, OwnedMutexGuard};

/// What is known of one thing; held by the test that is about to find it out.
type Entry<T> = Arc<Mutex<Option<T>>>;

/// What is found out, by name. Clones share it.
#[derive(Debug)]
pub(super) struct Once<T>(Arc<std::sync::Mutex<HashMap<String, Entry<T>>>>);

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Clone for Once<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Once<T> {
    /// Returns what is known under `name`, once no other test is about to find
    /// it out; none if it is for the caller to do.
    pub(super) async fn of(&self, name: &str) -> OwnedMutexGuard<Option<T>> {
        self.entry(name).lock_owned().await
    }

    /// Returns the same; none while another test is about to find it out.
    pub(super) fn at_once(&self, name: &str) -> Option<OwnedMutexGuard<Option<T>>> {
        self.entry(name).try_lock_owned().ok()
    }

    fn entry(&self, name: &str) -> Entry<T> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(entries.entry(name.to_owned()).or_default())
    }
}
