//! The keys of a provider, and which of them an issuer uses at a time.
//!
//! Rotation takes the next key of the pool, so that a run is repeatable. The
//! published keys start at once but protect nothing: they are for providers
//! that nobody else can reach.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Algorithm, KeyError, SigningKey};

/// Where keys come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeySource {
    /// Test keys that everybody knows; never beyond loopback.
    Published,
    /// Made when the provider starts.
    #[default]
    Fresh,
}

/// How many key sets a pool holds before rotation starts over.
const SETS: usize = 3;

/// Key sets in the order of rotation.
#[derive(Debug, Clone)]
pub struct KeyPool {
    sets: Arc<[KeySet]>,
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
    /// Parses or makes the keys. Making them takes about a second of one core.
    pub fn new(source: KeySource) -> Result<Self, KeyError> {
        let sets = (0..SETS).map(|index| match source {
            KeySource::Published => Ok(KeySet {
                rsa: SigningKey::rsa_from_pem(RSA[index])?,
                p256: SigningKey::p256_from_pem(P256[index])?,
                p384: SigningKey::p384_from_pem(P384[index])?,
                ed25519: SigningKey::ed25519_from_pem(ED25519[index])?,
            }),
            KeySource::Fresh => Ok(KeySet {
                rsa: SigningKey::fresh_rsa()?,
                p256: SigningKey::fresh_p256()?,
                p384: SigningKey::fresh_p384()?,
                ed25519: SigningKey::fresh_ed25519()?,
            }),
        });
        Ok(Self { sets: sets.collect::<Result<Vec<_>, KeyError>>()?.into() })
    }

    /// The set in use after so many rotations.
    pub fn set(&self, rotations: usize) -> &KeySet {
        &self.sets[rotations % SETS]
    }

    /// The set that went out of use when this one came in.
    pub fn former(&self, rotations: usize) -> &KeySet {
        self.set(rotations + SETS - 1)
    }

    /// A set that nobody publishes, as if it were somebody else's: the one
    /// that comes next.
    pub fn foreign(&self, rotations: usize) -> &KeySet {
        self.set(rotations + 1)
    }
}

impl KeySet {
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

    /// The public halves (RFC 7517 §5).
    pub fn jwks(&self) -> Value {
        json!({ "keys": [self.rsa.public(), self.p256.public(), self.p384.public(), self.ed25519.public()] })
    }
}
