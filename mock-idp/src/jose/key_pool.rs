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
    ec: SigningKey,
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
const EC: [&str; SETS] = published!("ec");
const ED25519: [&str; SETS] = published!("ed25519");

impl KeyPool {
    /// Parses or makes the keys. Making them takes about a second of one core.
    pub fn new(source: KeySource) -> Result<Self, KeyError> {
        let sets = (0..SETS).map(|index| match source {
            KeySource::Published => Ok(KeySet {
                rsa: SigningKey::rsa_from_pem(RSA[index])?,
                ec: SigningKey::ec_from_pem(EC[index])?,
                ed25519: SigningKey::ed25519_from_pem(ED25519[index])?,
            }),
            KeySource::Fresh => Ok(KeySet {
                rsa: SigningKey::fresh_rsa()?,
                ec: SigningKey::fresh_ec()?,
                ed25519: SigningKey::fresh_ed25519()?,
            }),
        });
        Ok(Self { sets: sets.collect::<Result<Vec<_>, KeyError>>()?.into() })
    }

    /// The set in use after so many rotations.
    pub fn set(&self, rotations: usize) -> &KeySet {
        &self.sets[rotations % SETS]
    }
}

impl KeySet {
    /// The key for an algorithm; none for HMAC.
    pub fn key(&self, algorithm: Algorithm) -> Option<&SigningKey> {
        match algorithm {
            Algorithm::Rs256 | Algorithm::Ps256 => Some(&self.rsa),
            Algorithm::Es256 => Some(&self.ec),
            Algorithm::EdDsa => Some(&self.ed25519),
            Algorithm::Hs256 => None,
        }
    }

    /// The public halves (RFC 7517 §5).
    pub fn jwks(&self) -> Value {
        json!({ "keys": [self.rsa.public(), self.ec.public(), self.ed25519.public()] })
    }
}
