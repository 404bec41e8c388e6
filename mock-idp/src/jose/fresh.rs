//! Keys that are created on demand, and not published.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair};
use rsa::PrivateKey;
use rsa::pkcs8::EncodePrivateKey;

use super::key::{Curve, P256, P384, failed};
use super::{KeyError, SigningKey};

impl SigningKey {
    /// A fresh RSA key of 2048 bits. Takes some tenths of a second.
    pub fn fresh_rsa() -> Result<Self, KeyError> {
        let key = PrivateKey::new(&mut rand::rng(), 2048).map_err(failed("RSA"))?;
        Self::from_rsa(key.to_pkcs8_der().map_err(failed("RSA"))?.as_bytes())
    }

    /// A fresh P-256 key.
    pub fn fresh_p256() -> Result<Self, KeyError> {
        Self::fresh_ec(&P256)
    }

    /// A fresh P-384 key.
    pub fn fresh_p384() -> Result<Self, KeyError> {
        Self::fresh_ec(&P384)
    }

    fn fresh_ec(curve: &'static Curve) -> Result<Self, KeyError> {
        let document = EcdsaKeyPair::generate_pkcs8(curve.signing, &SystemRandom::new());
        Self::from_ec(document.map_err(failed(curve.name))?.as_ref(), curve)
    }

    /// A fresh Ed25519 key.
    pub fn fresh_ed25519() -> Result<Self, KeyError> {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new());
        Self::from_ed25519(document.map_err(failed("Ed25519"))?.as_ref())
    }
}
