//! Keys that a token brings along or leads to (RFC 8725 §3.10). An honest
//! server believes none of them; a defect believes one kind.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::RsaPublicKeyComponents;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet};
use serde_json::Value;

use super::discovery::Metadata;
use super::id_token::Jwt;
use super::server::Server;

/// Where a key comes from that should not be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ForeignKey {
    /// The provider's public key, taken for an HMAC secret.
    PublicAsSecret,
    /// `jwk` of the header.
    Embedded,
    /// What lies at `jku` of the header.
    AtUrl,
    /// The file that `kid` of the header names.
    NamedByKeyId,
}

impl Server {
    /// The keys of that kind that a token speaks of.
    pub(super) async fn foreign_keys(&self, kind: ForeignKey, jwt: &Jwt, metadata: &Metadata) -> Vec<DecodingKey> {
        let text = |name: &str| jwt.header.get(name).and_then(Value::as_str).unwrap_or_default();
        match kind {
            ForeignKey::PublicAsSecret => {
                let keys = self.keys(metadata.text("jwks_uri")).await;
                let pems = keys.iter().flat_map(|set| &set.keys).filter_map(pem);
                pems.map(|pem| DecodingKey::from_secret(pem.as_bytes())).collect()
            }
            ForeignKey::Embedded => {
                let jwk = jwt.header.get("jwk").and_then(|jwk| serde_json::from_value::<Jwk>(jwk.clone()).ok());
                jwk.iter().filter_map(|jwk| DecodingKey::from_jwk(jwk).ok()).collect()
            }
            ForeignKey::AtUrl => self.keys(text("jku")).await.as_ref().map(decoding_keys).unwrap_or_default(),
            // What a server finds that opens the file.
            ForeignKey::NamedByKeyId if text("kid").ends_with("/dev/null") => vec![DecodingKey::from_secret(b"")],
            ForeignKey::NamedByKeyId => Vec::new(),
        }
    }
}

fn decoding_keys(set: &JwkSet) -> Vec<DecodingKey> {
    set.keys.iter().filter_map(|jwk| DecodingKey::from_jwk(jwk).ok()).collect()
}

/// An RSA key as it stands in a PEM file.
fn pem(jwk: &Jwk) -> Option<String> {
    let AlgorithmParameters::RSA(key) = &jwk.algorithm else { return None };
    let number = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).ok();
    let key = RsaPublicKeyComponents { n: number(&key.n)?, e: number(&key.e)? };
    let document: PublicKeyX509Der<'_> = key.as_der().ok()?;
    let text = BASE64_STANDARD.encode(document.as_ref());
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    Some(format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n")))
}
