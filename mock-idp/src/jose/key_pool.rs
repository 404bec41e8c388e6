//! The keys of a provider, and which of them an issuer uses at a time.
//!
//! Rotation takes the next key of the pool, so that a run is repeatable. The
//! published keys start at once but protect nothing: they are for providers on
//! loopback only.

use std::sync::{Arc, OnceLock};
use std::thread;

use super::{KeyError, SigningKey};
use crate::protocol::Algorithm;

/// Where keys come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeySource {
    /// Published test keys; never beyond loopback.
    Published,
    /// Made when they are first needed.
    #[cfg(feature = "fresh-keys")]
    Fresh,
}

/// How many key sets a pool holds before rotation starts over.
pub(crate) const SETS: usize = 3;

/// Key sets in the order of rotation. Clones share them.
#[derive(Debug, Clone)]
pub struct KeyPool {
    source: KeySource,
    sets: Arc<[OnceLock<Result<KeySet, KeyError>>; SETS]>,
}

/// One key of each kind.
#[derive(Debug)]
pub struct KeySet {
    rsa: SigningKey,
    p256: SigningKey,
    p384: SigningKey,
    ed25519: SigningKey,
}

macro_rules! published {
    ($kind:literal) => {
        [
            include_str!(concat!("../../keys/", $kind, "-0.pem")),
            include_str!(concat!("../../keys/", $kind, "-1.pem")),
            include_str!(concat!("../../keys/", $kind, "-2.pem")),
        ]
    };
}

const RSA: [&str; SETS] = published!("rsa");
const P256: [&str; SETS] = published!("ec");
const P384: [&str; SETS] = published!("ec384");
const ED25519: [&str; SETS] = published!("ed25519");

impl KeyPool {
    /// A pool whose keys are parsed or made when they are first asked for.
    pub fn new(source: KeySource) -> Self {
        Self { source, sets: Arc::default() }
    }

    /// The set in use after so many rotations. The first caller waits for a new
    /// one, some tenths of a second at most.
    pub fn set(&self, rotations: usize) -> Result<&KeySet, KeyError> {
        let index = rotations % SETS;
        self.sets[index].get_or_init(|| KeySet::new(self.source, index)).as_ref().map_err(Clone::clone)
    }

    /// Creates the first set in the background, if that takes long enough to
    /// make a caller wait.
    pub fn prepare(&self) {
        if self.source == KeySource::Published {
            return;
        }
        let pool = self.clone();
        // Without a thread, the first caller creates it.
        let _ = thread::Builder::new().name("keys".into()).spawn(move || pool.set(0).is_ok());
    }

    /// The set that went out of use when this one came in.
    pub fn former(&self, rotations: usize) -> Result<&KeySet, KeyError> {
        self.set(rotations + SETS - 1)
    }

    /// An unpublished set, which stands for a foreign one: the next set.
    pub fn foreign(&self, rotations: usize) -> Result<&KeySet, KeyError> {
        self.set(rotations + 1)
    }
}

impl KeySet {
    fn new(source: KeySource, index: usize) -> Result<Self, KeyError> {
        match source {
            KeySource::Published => Ok(Self {
                rsa: SigningKey::rsa_from_pem(RSA[index])?,
                p256: SigningKey::p256_from_pem(P256[index])?,
                p384: SigningKey::p384_from_pem(P384[index])?,
                ed25519: SigningKey::ed25519_from_pem(ED25519[index])?,
            }),
            #[cfg(feature = "fresh-keys")]
            KeySource::Fresh => Ok(Self {
                rsa: SigningKey::fresh_rsa()?,
                p256: SigningKey::fresh_p256()?,
                p384: SigningKey::fresh_p384()?,
                ed25519: SigningKey::fresh_ed25519()?,
            }),
        }
    }

    /// The key for an algorithm; none for HMAC.
    pub fn key(&self, algorithm: Algorithm) -> Option<&SigningKey> {
        match algorithm {
            Algorithm::Rs256
            | Algorithm::Rs384
            | Algorithm::Rs512
            | Algorithm::Ps256
            | Algorithm::Ps384
            | Algorithm::Ps512 => Some(&self.rsa),
            Algorithm::Es256 => Some(&self.p256),
            Algorithm::Es384 => Some(&self.p384),
            Algorithm::EdDsa => Some(&self.ed25519),
            Algorithm::Hs256 | Algorithm::Hs384 | Algorithm::Hs512 => None,
        }
    }

    /// All keys, each with an algorithm that it can be used with.
    pub fn keys(&self) -> [(&SigningKey, Algorithm); 4] {
        [
            (&self.rsa, Algorithm::Rs256),
            (&self.p256, Algorithm::Es256),
            (&self.p384, Algorithm::Es384),
            (&self.ed25519, Algorithm::EdDsa),
        ]
    }
}
