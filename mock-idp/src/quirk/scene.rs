//! What a quirk may look at: the issuer, the request that is answered, and
//! keys that it can have misused.

use serde_json::{Map, Value};

use crate::jose::{Jose, KeyPool, SigningKey, sign};
use crate::protocol::{Algorithm, first_named};
use crate::settings::KeyIds;

/// What a quirk may look at.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// The same place without TLS.
    pub plain: &'a str,
    /// The client's id.
    pub client_id: &'a str,
    /// Seconds since 1970.
    pub now: i64,
    /// Parameters of the request that is answered.
    pub parameters: &'a [(String, String)],
    /// Its headers, names in lower case.
    pub headers: &'a [(String, String)],
    /// How many messages of this kind the issuer has made before.
    pub turn: u64,
    /// Keys that can be misused.
    pub keys: Keys<'a>,
}

/// Keys that a quirk may misuse; it never gets at their private halves. Made
/// when they are first asked for.
#[derive(Debug, Clone, Copy)]
pub struct Keys<'a> {
    pool: &'a KeyPool,
    rotations: usize,
    ids: KeyIds,
}

impl<'a> Keys<'a> {
    pub(crate) fn new(pool: &'a KeyPool, rotations: usize, ids: KeyIds) -> Self {
        Self { pool, rotations, ids }
    }

    /// The key that signs honestly by this algorithm; none for HMAC.
    pub fn own(self, algorithm: Algorithm) -> Option<&'a SigningKey> {
        self.pool.set(self.rotations).ok()?.key(algorithm)
    }

    /// The one that did before the last rotation.
    pub fn former(self, algorithm: Algorithm) -> Option<&'a SigningKey> {
        self.pool.former(self.rotations).ok()?.key(algorithm)
    }

    /// Foreign keys, for tokens that the provider did not sign.
    pub fn foreign(self, algorithm: Algorithm) -> Option<&'a SigningKey> {
        self.pool.foreign(self.rotations).ok()?.key(algorithm)
    }

    /// The id under which a key is published, or would be.
    pub fn id(self, key: &SigningKey) -> String {
        key.id(self.ids)
    }

    /// A JWT by the key that signs honestly; its header says no more than it
    /// must.
    pub(super) fn sign(self, algorithm: Algorithm, claims: &Map<String, Value>) -> Option<String> {
        let mut jose = Jose::honest(algorithm, Some(&self.id(self.own(algorithm)?)));
        jose.header.shift_remove("typ");
        sign(claims, &jose, self.pool, self.rotations, None).ok()
    }

    /// Published keys.
    #[cfg(test)]
    pub(super) fn published() -> Keys<'static> {
        use std::sync::LazyLock;
        static POOL: LazyLock<KeyPool> = LazyLock::new(|| KeyPool::new(crate::jose::KeySource::Published));
        Keys::new(&POOL, 0, KeyIds::default())
    }
}

impl Scene<'_> {
    /// The first parameter of that name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        first_named(self.parameters, name)
    }

    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        first_named(self.headers, name)
    }
}
