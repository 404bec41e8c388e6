//! One signing key, parsed once and kept.

use std::fmt;
use std::sync::OnceLock;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING,
    ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use rcgen::{CertificateParams, DistinguishedName, DnType};
use rsa::PrivateKey;
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};

use super::{KeyError, SignError};
use crate::protocol::Algorithm;
use crate::settings::KeyIds;

/// A private key with its public half as a JWK.
pub struct SigningKey {
    fingerprint: [u8; 32],
    public: Value,
    material: Material,
    certificate: OnceLock<Result<Vec<u8>, KeyError>>,
}

enum Material {
    Rsa(Box<RsaKeyPair>),
    Ec(EcdsaKeyPair, &'static Curve),
    Ed(Ed25519KeyPair),
}

/// A curve, and what its keys are used with (RFC 7518 §3.4).
struct Curve {
    name: &'static str,
    algorithm: Algorithm,
    signing: &'static EcdsaSigningAlgorithm,
    in_certificates: &'static EcdsaSigningAlgorithm,
    certificate: &'static rcgen::SignatureAlgorithm,
}

static P256: Curve = Curve {
    name: "P-256",
    algorithm: Algorithm::Es256,
    signing: &ECDSA_P256_SHA256_FIXED_SIGNING,
    in_certificates: &ECDSA_P256_SHA256_ASN1_SIGNING,
    certificate: &rcgen::PKCS_ECDSA_P256_SHA256,
};
static P384: Curve = Curve {
    name: "P-384",
    algorithm: Algorithm::Es384,
    signing: &ECDSA_P384_SHA384_FIXED_SIGNING,
    in_certificates: &ECDSA_P384_SHA384_ASN1_SIGNING,
    certificate: &rcgen::PKCS_ECDSA_P384_SHA384,
};

impl SigningKey {
    /// A fresh RSA key of 2048 bits. Takes some tenths of a second.
    pub fn fresh_rsa() -> Result<Self, KeyError> {
        let key = PrivateKey::new(&mut rand::rng(), 2048).map_err(failed("RSA"))?;
        Self::from_rsa(&key)
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

    /// An RSA key from a PKCS #8 PEM file.
    pub fn rsa_from_pem(pem: &str) -> Result<Self, KeyError> {
        Self::from_rsa(&PrivateKey::from_pkcs8_der(&der(pem)?).map_err(failed("RSA"))?)
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

    fn from_rsa(key: &PrivateKey) -> Result<Self, KeyError> {
        let document = key.to_pkcs8_der().map_err(failed("RSA"))?;
        let pair = RsaKeyPair::from_pkcs8(document.as_bytes()).map_err(failed("RSA"))?;
        let public = json!({
            "kty": "RSA",
            "n": BASE64_URL_SAFE_NO_PAD.encode(key.n().to_be_bytes_trimmed_vartime()),
            "e": BASE64_URL_SAFE_NO_PAD.encode(key.e().to_be_bytes_trimmed_vartime()),
        });
        Ok(Self::new(public, Material::Rsa(Box::new(pair))))
    }

    fn from_ec(document: &[u8], curve: &'static Curve) -> Result<Self, KeyError> {
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

    fn from_ed25519(document: &[u8]) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_pkcs8(document).map_err(failed("Ed25519"))?;
        let x = BASE64_URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        Ok(Self::new(json!({ "kty": "OKP", "crv": "Ed25519", "x": x }), Material::Ed(pair)))
    }

    fn new(public: Value, material: Material) -> Self {
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(digest(&SHA256, public.to_string().as_bytes()).as_ref());
        Self { fingerprint, public, material, certificate: OnceLock::new() }
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
        let text = BASE64_STANDARD.encode(self.public_der()?);
        let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
        Ok(format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n")))
    }

    /// A certificate that the key signed itself, in DER; made when it is
    /// first asked for.
    pub fn certificate(&self) -> Result<&[u8], KeyError> {
        let make = || self_signed(self).map_err(|error| KeyError::Certificate(error.to_string()));
        let certificate = self.certificate.get_or_init(make);
        certificate.as_deref().map_err(Clone::clone)
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

/// Valid for the whole life of any test.
fn self_signed(key: &SigningKey) -> Result<Vec<u8>, rcgen::Error> {
    let mut parameters = CertificateParams::new(Vec::new())?;
    parameters.not_before = rcgen::date_time_ymd(2020, 1, 1);
    parameters.not_after = rcgen::date_time_ymd(2060, 1, 1);
    parameters.serial_number = Some(key.fingerprint[..8].to_vec().into());
    parameters.distinguished_name = DistinguishedName::new();
    parameters.distinguished_name.push(DnType::CommonName, "mock-idp");
    Ok(parameters.self_signed(key)?.der().to_vec())
}

impl rcgen::PublicKeyData for SigningKey {
    fn der_bytes(&self) -> &[u8] {
        self.public_bytes()
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        match &self.material {
            Material::Rsa(_) => &rcgen::PKCS_RSA_SHA256,
            Material::Ec(_, curve) => curve.certificate,
            Material::Ed(_) => &rcgen::PKCS_ED25519,
        }
    }
}

impl rcgen::SigningKey for SigningKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let failed = |_| rcgen::Error::RemoteKeyError;
        match &self.material {
            // X.509 takes the ASN.1 form where a JWS takes the plain one.
            Material::Ec(pair, curve) => {
                let document = pair.to_pkcs8v1().map_err(failed)?;
                let pair = EcdsaKeyPair::from_pkcs8(curve.in_certificates, document.as_ref());
                let pair = pair.map_err(|_| rcgen::Error::RemoteKeyError)?;
                Ok(pair.sign(&SystemRandom::new(), message).map_err(failed)?.as_ref().to_vec())
            }
            Material::Rsa(_) => self.sign(Algorithm::Rs256, message).map_err(|_| rcgen::Error::RemoteKeyError),
            Material::Ed(_) => self.sign(Algorithm::EdDsa, message).map_err(|_| rcgen::Error::RemoteKeyError),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("public", &self.public).finish_non_exhaustive()
    }
}

fn failed<E: fmt::Display>(kind: &'static str) -> impl Fn(E) -> KeyError {
    move |error| KeyError::Key { kind, reason: error.to_string() }
}

fn der(pem: &str) -> Result<Vec<u8>, KeyError> {
    let text: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    BASE64_STANDARD.decode(text).map_err(failed("PEM"))
}
