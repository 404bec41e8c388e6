//! What the provider has handed out: authorization codes, access tokens and ID
//! tokens.
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
    /// When the end-user signed in, in seconds since 1970, if the client wants
    /// to be told (OIDC Core §2).
    pub auth_time: Option<i64>,
    /// The nonce, if one was sent.
    pub nonce: Option<String>,
    /// When the code runs out, in seconds since 1970.
    pub expires_at: i64,
    /// The session at the provider.
    pub sid: String,
}

impl Grant {
    /// Whether this scope is among the granted ones.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

/// An authorization code that was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// What it stands for.
    pub grant: Grant,
    /// How often its client has brought it.
    pub uses: u32,
    /// The access token that it was exchanged for.
    pub access_token: Option<String>,
}

/// An access token that was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// What it stands for.
    pub grant: Grant,
    /// When it runs out, in seconds since 1970.
    pub expires_at: i64,
}

/// A map that forgets its oldest entries. A hash table that forgets as much as
/// it learns doubles once, for the places that it cannot use again; so what is
/// in the table is small.
#[derive(Debug)]
pub struct Bounded<T> {
    map: HashMap<String, Box<T>>,
    order: VecDeque<String>,
    capacity: usize,
}

impl<T> Bounded<T> {
    fn new(capacity: usize) -> Self {
        Self { map: HashMap::new(), order: VecDeque::new(), capacity }
    }

    /// Keeps `value` under `key`, in the place of what was there.
    pub fn insert(&mut self, key: String, value: T) {
        if self.map.insert(key.clone(), Box::new(value)).is_some() {
            return;
        }
        self.order.push_back(key);
        if self.order.len() > self.capacity
            && let Some(oldest) = self.order.pop_front()
        {
            self.map.remove(&oldest);
        }
    }

    /// Looks at what is under `key`.
    pub fn get(&self, key: &str) -> Option<&T> {
        self.map.get(key).map(Box::as_ref)
    }

    /// Changes what is under `key`.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        self.map.get_mut(key).map(Box::as_mut)
    }

    /// Forgets what is under `key`.
    pub fn remove(&mut self, key: &str) {
        if self.map.remove(key).is_some() {
            self.order.retain(|kept| kept != key);
        }
    }
}

const CAPACITY: usize = 4096;

/// Codes and tokens of one issuer.
#[derive(Debug)]
pub struct Store {
    /// Authorization codes, used ones included.
    pub codes: Bounded<Code>,
    /// Access tokens.
    pub access_tokens: Bounded<AccessToken>,
    /// ID tokens, by their hash.
    pub id_tokens: Bounded<()>,
    /// The latest session of each end-user.
    pub sids: Bounded<String>,
}

impl Store {
    /// Notes that its client has brought a code. Returns it as it was before.
    /// A code that comes twice may be a stolen one: what it was exchanged for
    /// ends with it (RFC 6749 §4.1.2).
    pub fn spend(&mut self, code: &str) -> Option<Code> {
        let code = self.codes.get_mut(code)?;
        let before = code.clone();
        code.uses += 1;
        if let Some(token) = code.access_token.take() {
            self.access_tokens.remove(&token);
        }
        Some(before)
    }

    /// Notes what a code was exchanged for when it was brought for the `uses`th
    /// time. If it was brought again meanwhile, that is good for nothing.
    pub fn exchange(&mut self, (code, uses): (&str, u32), name: String, access_token: AccessToken) {
        match self.codes.get_mut(code) {
            Some(code) if code.uses != uses => return,
            Some(code) => code.access_token = Some(name.clone()),
            None => {}
        }
        self.access_tokens.insert(name, access_token);
    }
}

impl Default for Store {
    fn default() -> Self {
        Self {
            codes: Bounded::new(CAPACITY),
            access_tokens: Bounded::new(CAPACITY),
            id_tokens: Bounded::new(CAPACITY),
            sids: Bounded::new(CAPACITY),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_first() {
        let mut bounded = Bounded::new(2);
        for key in ["a", "b", "c"] {
            bounded.insert(key.to_owned(), key);
        }
        assert_eq!((bounded.get("a"), bounded.get("b")), (None, Some(&"b")));
    }

    /// What came again, or went and came again, is not forgotten early.
    #[test]
    fn nothing_is_counted_twice() {
        let mut bounded = Bounded::new(2);
        bounded.insert("a".to_owned(), 1);
        bounded.insert("a".to_owned(), 2);
        bounded.insert("b".to_owned(), 3);
        assert_eq!((bounded.get("a"), bounded.get("b")), (Some(&2), Some(&3)));
        bounded.remove("a");
        bounded.insert("a".to_owned(), 4);
        bounded.insert("c".to_owned(), 5);
        assert_eq!((bounded.get("a"), bounded.get("b"), bounded.get("c")), (Some(&4), None, Some(&5)));
    }

    #[test]
    fn what_a_code_was_exchanged_for_ends_when_the_code_comes_again() {
        let mut store = Store::default();
        let grant = Grant {
            end_user: "alice".into(),
            scopes: Vec::new(),
            redirect_uri: String::new(),
            code_challenge: None,
            auth_time: None,
            nonce: None,
            expires_at: 0,
            sid: String::new(),
        };
        let token = || AccessToken { grant: grant.clone(), expires_at: 0 };
        store.codes.insert("c".into(), Code { grant: grant.clone(), uses: 0, access_token: None });
        assert!(store.spend("c").is_some_and(|code| code.uses == 0));
        store.exchange(("c", 1), "t".into(), token());
        assert!(store.access_tokens.get("t").is_some());
        assert!(store.spend("c").is_some_and(|code| code.uses == 1));
        assert!(store.access_tokens.get("t").is_none());
        // What takes its time on the way is no better.
        store.exchange(("c", 1), "t".into(), token());
        assert!(store.access_tokens.get("t").is_none());
    }
}
