//! What the provider has handed out: authorization codes, access tokens,
//! refresh tokens and ID tokens.
//!
//! In memory and bounded; the oldest go first. Nothing here knows HTTP.

use std::collections::{HashMap, VecDeque};

/// What an end-user has granted to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The client's id.
    pub client_id: String,
    /// The end-user by name.
    pub end_user: String,
    /// The scopes granted.
    pub scopes: Vec<String>,
    /// The redirect URI of the authorization request, byte for byte.
    pub redirect_uri: String,
    /// The PKCE challenge, if one was sent.
    pub code_challenge: Option<String>,
    /// When the end-user signed in, in seconds since 1970, if the client wants
    /// to know it (OIDC Core §2).
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

/// What a client brings to the token endpoint for tokens: an authorization code
/// or a refresh token that was handed out (RFC 6749 §1.3.1, §1.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redeemable {
    /// What it stands for.
    pub grant: Grant,
    /// How often its client has brought it.
    pub uses: u32,
    /// The tokens that it was exchanged for.
    issued: Option<Issued>,
}

impl Redeemable {
    /// Returns one that no client has redeemed yet.
    pub fn new(grant: Grant) -> Self {
        Self { grant, uses: 0, issued: None }
    }
}

/// Which of the two it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedeemableKind {
    /// An authorization code.
    Code,
    /// A refresh token.
    RefreshToken,
}

/// The tokens of one answer, by their texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The access token.
    pub access_token: String,
    /// The refresh token, if the grant has one.
    pub refresh_token: Option<String>,
}

/// The session of an end-user at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub sid: String,
    /// When the end-user signed in, in seconds since 1970.
    pub auth_time: i64,
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

    /// All that is kept.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.map.values().map(Box::as_ref)
    }

    /// Changes what is under `key`.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        self.map.get_mut(key).map(Box::as_mut)
    }

    /// Forgets what is under `key`, and returns it.
    pub fn remove(&mut self, key: &str) -> Option<T> {
        let value = self.map.remove(key)?;
        self.order.retain(|kept| kept != key);
        Some(*value)
    }
}

const CAPACITY: usize = 4096;

/// Codes and tokens of one issuer.
#[derive(Debug)]
pub struct Store {
    /// Authorization codes, used ones included.
    pub codes: Bounded<Redeemable>,
    /// Refresh tokens, used ones included.
    pub refresh_tokens: Bounded<Redeemable>,
    /// Access tokens.
    pub access_tokens: Bounded<AccessToken>,
    /// The names of the end-users of ID tokens, by the hash of the token.
    pub id_tokens: Bounded<String>,
    /// The latest session of each end-user.
    pub sessions: Bounded<Session>,
    /// The ids of client assertions that were brought (RFC 7523 §3).
    pub assertions: Bounded<()>,
}

impl Store {
    /// Those of one kind.
    pub fn redeemables(&mut self, kind: RedeemableKind) -> &mut Bounded<Redeemable> {
        match kind {
            RedeemableKind::Code => &mut self.codes,
            RedeemableKind::RefreshToken => &mut self.refresh_tokens,
        }
    }

    /// Notes that its client has brought a code or a refresh token. Returns it
    /// as it was before. One that comes twice may be a stolen one: all tokens
    /// that it led to end with it (RFC 6749 §4.1.2, RFC 9700 §4.14.2).
    pub fn spend(&mut self, kind: RedeemableKind, name: &str) -> Option<Redeemable> {
        let redeemable = self.redeemables(kind).get_mut(name)?;
        let before = redeemable.clone();
        redeemable.uses += 1;
        let mut issued = redeemable.issued.take();
        while let Some(Issued { access_token, refresh_token }) = issued {
            self.access_tokens.remove(&access_token);
            issued = refresh_token.and_then(|name| self.refresh_tokens.remove(&name)?.issued);
        }
        Some(before)
    }

    /// Notes what it was exchanged for when it was brought for the `uses`th
    /// time. If it was brought again meanwhile, that is good for nothing. A new
    /// refresh token stands for what the old one stood for.
    pub fn exchange(
        &mut self,
        (kind, name, uses): (RedeemableKind, &str, u32),
        issued: Issued,
        access_token: AccessToken,
        refreshes: Grant,
    ) {
        match self.redeemables(kind).get_mut(name) {
            Some(redeemable) if redeemable.uses != uses => return,
            Some(redeemable) => redeemable.issued = Some(issued.clone()),
            None => {}
        }
        if let Some(refresh_token) = issued.refresh_token {
            self.refresh_tokens.insert(refresh_token, Redeemable::new(refreshes));
        }
        self.access_tokens.insert(issued.access_token, access_token);
    }
}

impl Default for Store {
    fn default() -> Self {
        Self {
            codes: Bounded::new(CAPACITY),
            refresh_tokens: Bounded::new(CAPACITY),
            access_tokens: Bounded::new(CAPACITY),
            id_tokens: Bounded::new(CAPACITY),
            sessions: Bounded::new(CAPACITY),
            assertions: Bounded::new(CAPACITY),
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

    fn grant() -> Grant {
        Grant {
            client_id: "client".into(),
            end_user: "alice".into(),
            scopes: Vec::new(),
            redirect_uri: String::new(),
            code_challenge: None,
            auth_time: None,
            nonce: None,
            expires_at: 0,
            sid: String::new(),
        }
    }

    fn exchange(store: &mut Store, from: (RedeemableKind, &str, u32), access_token: &str, refresh_token: Option<&str>) {
        let issued = Issued { access_token: access_token.into(), refresh_token: refresh_token.map(ToOwned::to_owned) };
        store.exchange(from, issued, AccessToken { grant: grant(), expires_at: 0 }, grant());
    }

    #[test]
    fn what_a_code_was_exchanged_for_ends_when_the_code_comes_again() {
        const CODE: RedeemableKind = RedeemableKind::Code;
        let mut store = Store::default();
        store.codes.insert("c".into(), Redeemable::new(grant()));
        assert!(store.spend(CODE, "c").is_some_and(|code| code.uses == 0));
        exchange(&mut store, (CODE, "c", 1), "t", None);
        assert!(store.access_tokens.get("t").is_some());
        assert!(store.spend(CODE, "c").is_some_and(|code| code.uses == 1));
        assert!(store.access_tokens.get("t").is_none());
        // What takes its time on the way is no better.
        exchange(&mut store, (CODE, "c", 1), "t", None);
        assert!(store.access_tokens.get("t").is_none());
    }

    #[test]
    fn a_code_or_refresh_token_that_comes_again_ends_all_that_followed() {
        for (kind, name) in [(RedeemableKind::Code, "c"), (RedeemableKind::RefreshToken, "r1")] {
            let mut store = Store::default();
            store.codes.insert("c".into(), Redeemable::new(grant()));
            store.spend(RedeemableKind::Code, "c");
            exchange(&mut store, (RedeemableKind::Code, "c", 1), "t1", Some("r1"));
            store.spend(RedeemableKind::RefreshToken, "r1");
            exchange(&mut store, (RedeemableKind::RefreshToken, "r1", 1), "t2", Some("r2"));
            assert!(store.access_tokens.get("t2").is_some() && store.refresh_tokens.get("r2").is_some());
            store.spend(kind, name);
            assert!(store.access_tokens.get("t2").is_none() && store.refresh_tokens.get("r2").is_none());
        }
    }
}
