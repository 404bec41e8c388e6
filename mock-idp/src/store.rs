//! What the provider has handed out: authorization codes and access tokens.
//!
//! In memory and bounded; the oldest go first. Nothing here knows HTTP.

use std::collections::{HashMap, VecDeque};

/// What an end-user has granted to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The end-user by name.
    pub end_user: String,
    /// The scopes granted.
    pub scopes: Vec<String>,
    /// The redirect URI of the authorization request, byte for byte.
    pub redirect_uri: String,
    /// The PKCE challenge, if one was sent.
    pub code_challenge: Option<String>,
    /// The nonce, if one was sent.
    pub nonce: Option<String>,
    /// When the code runs out, in seconds since 1970.
    pub expires_at: i64,
    /// The session at the provider.
    pub sid: String,
}

/// A map that forgets its oldest entries.
#[derive(Debug)]
pub struct Bounded<T> {
    map: HashMap<String, T>,
    order: VecDeque<String>,
    capacity: usize,
}

impl<T> Bounded<T> {
    fn new(capacity: usize) -> Self {
        Self { map: HashMap::new(), order: VecDeque::new(), capacity }
    }

    /// Keeps `value` under `key`.
    pub fn insert(&mut self, key: String, value: T) {
        if self.order.len() == self.capacity
            && let Some(oldest) = self.order.pop_front()
        {
            self.map.remove(&oldest);
        }
        self.order.push_back(key.clone());
        self.map.insert(key, value);
    }

    /// Looks at what is under `key`.
    pub fn get(&self, key: &str) -> Option<&T> {
        self.map.get(key)
    }

    /// Takes what is under `key`; the second time there is nothing.
    pub fn take(&mut self, key: &str) -> Option<T> {
        self.map.remove(key)
    }
}

const CAPACITY: usize = 4096;

/// Codes and tokens of one issuer.
#[derive(Debug)]
pub struct Store {
    /// Authorization codes that were not used yet.
    pub codes: Bounded<Grant>,
    /// Access tokens.
    pub access_tokens: Bounded<Grant>,
    /// The latest session of each end-user.
    pub sids: HashMap<String, String>,
}

impl Default for Store {
    fn default() -> Self {
        Self { codes: Bounded::new(CAPACITY), access_tokens: Bounded::new(CAPACITY), sids: HashMap::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_first_and_taking_is_once() {
        let mut bounded = Bounded::new(2);
        for key in ["a", "b", "c"] {
            bounded.insert(key.to_owned(), key);
        }
        assert_eq!(bounded.get("a"), None);
        assert_eq!(bounded.take("b"), Some("b"));
        assert_eq!(bounded.take("b"), None);
    }
}
