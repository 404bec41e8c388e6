//! One signing key, parsed once and kept.

use std::fmt;
#[cfg(feature = "tls")]
use std::sync::OnceLock;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::io::Positive;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
    RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{KeyError, SignError};
use crate::protocol::Algorithm;
use crate::settings::KeyIds;

/// A private key with its public half as a JWK.
pub struct SigningKey {
    pub(super) fingerprint: [u8; 32],
    public: Value,
    pub(super) material: Material,
    #[cfg(feature = "tls")]
    pub(super) certificate: OnceLock<Result<Vec<u8>, KeyError>>,
}

pub(super) enum Material {
    Rsa(Box<RsaKeyPair>),
    Ec(EcdsaKeyPair, &'static Curve),
    Ed(Ed25519KeyPair),
}

/// A curve, and what its keys are used with (RFC 7518 §3.4).
pub(super) struct Curve {
    pub(super) name: &'static str,
    pub(super) algorithm: Algorithm,
    pub(super) signing: &'static EcdsaSigningAlgorithm,
}

pub(super) static P256: Curve =
    Curve { name: "P-256", algorithm: Algorithm::Es256, signing: &ECDSA_P256_SHA256_FIXED_SIGNING };
pub(super) static P384: Curve =
    Curve { name: "P-384", algorithm: Algorithm::Es384, signing: &ECDSA_P384_SHA384_FIXED_SIGNING };

impl SigningKey {
    /// An RSA key from a PKCS #8 PEM file.
    pub fn rsa_from_pem(pem: &str) -> Result<Self, KeyError> {
        Self::from_rsa(&der(pem)?)
    }

    /// A P-256 key from a PKCS #8 PEM file.
    pub fn p256_from_pem(pem: &str) -> Result<Self, KeyError> {
        Self::from_ec(&der(pem)?, &P256)
    }

    /// A P-384 key from a PKCS #8 PEM file.
    pub fn p384_from_pem(pem: &str) -> Result<Self, KeyError> {
        Self::from_ec(&der(pem)?, &P384)
    }

    /// An Ed25519 key from a PKCS #8 PEM file.
    pub fn ed25519_from_pem(pem: &str) -> Result<Self, KeyError> {
        Self::from_ed25519(&der(pem)?)
    }

    pub(super) fn from_rsa(document: &[u8]) -> Result<Self, KeyError> {
        let pair = RsaKeyPair::from_pkcs8(document).map_err(failed("RSA"))?;
        let number = |number: Positive<'_>| BASE64_URL_SAFE_NO_PAD.encode(number.big_endian_without_leading_zero());
        let public = json!({
            "kty": "RSA",
            "n": number(pair.public_key().modulus()),
            "e": number(pair.public_key().exponent()),
        });
        Ok(Self::new(public, Material::Rsa(Box::new(pair))))
    }

    pub(super) fn from_ec(document: &[u8], curve: &'static Curve) -> Result<Self, KeyError> {
        let pair = EcdsaKeyPair::from_pkcs8(curve.signing, document).map_err(failed(curve.name))?;
        // An uncompressed point: 4, x, y (SEC 1 §2.3.3).
        let point = pair.public_key().as_ref().get(1..).unwrap_or_default();
        let (x, y) = point.split_at(point.len() / 2);
        let public = json!({
            "kty": "EC",
            "crv": curve.name,
            "x": BASE64_URL_SAFE_NO_PAD.encode(x),
            "y": BASE64_URL_SAFE_NO_PAD.encode(y),
        });
        Ok(Self::new(public, Material::Ec(pair, curve)))
    }

    pub(super) fn from_ed25519(document: &[u8]) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_pkcs8(document).map_err(failed("Ed25519"))?;
        let x = BASE64_URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        Ok(Self::new(json!({ "kty": "OKP", "crv": "Ed25519", "x": x }), Material::Ed(pair)))
    }

    fn new(public: Value, material: Material) -> Self {
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(digest(&SHA256, public.to_string().as_bytes()).as_ref());
        Self {
            fingerprint,
            public,
            material,
            #[cfg(feature = "tls")]
            certificate: OnceLock::new(),
        }
    }

    /// The key's id, in the form that the settings want.
    pub fn id(&self, ids: KeyIds) -> String {
        ids.id(&self.fingerprint)
    }

    /// The public half as a bare JWK, without id or use (RFC 7517 §4).
    pub fn public(&self) -> &Value {
        &self.public
    }

    /// The public half as the crypto library takes it for verifying.
    pub fn public_bytes(&self) -> &[u8] {
        match &self.material {
            Material::Rsa(pair) => pair.public_key().as_ref(),
            Material::Ec(pair, _) => pair.public_key().as_ref(),
            Material::Ed(pair) => pair.public_key().as_ref(),
        }
    }

    /// The public half in DER (RFC 5280 §4.1.2.7).
    pub fn public_der(&self) -> Result<Vec<u8>, SignError> {
        let document: Result<PublicKeyX509Der<'_>, _> = match &self.material {
            Material::Rsa(pair) => pair.public_key().as_der(),
            Material::Ec(pair, _) => pair.public_key().as_der(),
            Material::Ed(pair) => pair.public_key().as_der(),
        };
        document.map(|document| document.as_ref().to_vec()).map_err(|_| SignError::Failed)
    }

    /// The same as it stands in PEM files (RFC 7468 §13).
    pub fn public_pem(&self) -> Result<String, SignError> {
        Ok(pem("PUBLIC KEY", &self.public_der()?))
    }

    /// # Errors
    /// Always: certificates need the feature `tls`.
    #[cfg(not(feature = "tls"))]
    #[expect(clippy::unused_self, reason = "as with the feature")]
    pub fn certificate(&self) -> Result<&[u8], KeyError> {
        Err(KeyError::Certificate("mock-idp is built without its feature `tls`".to_owned()))
    }

    /// Signs `message`.
    pub fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let random = SystemRandom::new();
        match &self.material {
            Material::Rsa(pair) => {
                let padding = rsa_padding(algorithm).ok_or(SignError::WrongKey(algorithm.name()))?;
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &random, message, &mut signature).map_err(|_| SignError::Failed)?;
                Ok(signature)
            }
            Material::Ec(pair, curve) if curve.algorithm == algorithm => {
                Ok(pair.sign(&random, message).map_err(|_| SignError::Failed)?.as_ref().to_vec())
            }
            Material::Ed(pair) if algorithm == Algorithm::EdDsa => Ok(pair.sign(message).as_ref().to_vec()),
            Material::Ec(..) | Material::Ed(_) => Err(SignError::WrongKey(algorithm.name())),
        }
    }
}

fn rsa_padding(algorithm: Algorithm) -> Option<&'static dyn RsaEncoding> {
    Some(match algorithm {
        Algorithm::Rs256 => &RSA_PKCS1_SHA256,
        Algorithm::Rs384 => &RSA_PKCS1_SHA384,
        Algorithm::Rs512 => &RSA_PKCS1_SHA512,
        Algorithm::Ps256 => &RSA_PSS_SHA256,
        Algorithm::Ps384 => &RSA_PSS_SHA384,
        Algorithm::Ps512 => &RSA_PSS_SHA512,
        _ => return None,
    })
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("public", &self.public).finish_non_exhaustive()
    }
}

pub(super) fn failed<E: fmt::Display>(kind: &'static str) -> impl Fn(E) -> KeyError {
    move |error| KeyError::Key { kind, reason: error.to_string() }
}

fn der(pem: &str) -> Result<Vec<u8>, KeyError> {
    let text: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    BASE64_STANDARD.decode(text).map_err(failed("PEM"))
}

/// Binary data as it stands in PEM files (RFC 7468 §2), under this label.
pub fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
