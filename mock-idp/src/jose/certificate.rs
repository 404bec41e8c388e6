//! Certificates that keys sign themselves, for the members `x5c` and `x5t` of a
//! key set (RFC 7517 §4.7). Those of TLS are for [`crate::tls`].

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair};
use rcgen::{CertificateParams, DistinguishedName, DnType};

use super::key::Material;
use super::{KeyError, SigningKey};
use crate::protocol::Algorithm;

impl SigningKey {
    /// A certificate that the key signed itself, in DER; made when it is
    /// first asked for.
    pub fn certificate(&self) -> Result<&[u8], KeyError> {
        let make = || self_signed(self).map_err(|error| KeyError::Certificate(error.to_string()));
        let certificate = self.certificate.get_or_init(make);
        certificate.as_deref().map_err(Clone::clone)
    }
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
            Material::Ec(_, curve) if curve.algorithm == Algorithm::Es384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            Material::Ec(..) => &rcgen::PKCS_ECDSA_P256_SHA256,
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
                let signing = match curve.algorithm {
                    Algorithm::Es384 => &ECDSA_P384_SHA384_ASN1_SIGNING,
                    _ => &ECDSA_P256_SHA256_ASN1_SIGNING,
                };
                let pair = EcdsaKeyPair::from_pkcs8(signing, document.as_ref());
                let pair = pair.map_err(|_| rcgen::Error::RemoteKeyError)?;
                Ok(pair.sign(&SystemRandom::new(), message).map_err(failed)?.as_ref().to_vec())
            }
            Material::Rsa(_) => self.sign(Algorithm::Rs256, message).map_err(|_| rcgen::Error::RemoteKeyError),
            Material::Ed(_) => self.sign(Algorithm::EdDsa, message).map_err(|_| rcgen::Error::RemoteKeyError),
        }
    }
}
