//! Keys that a token brings along or leads to (RFC 8725 §3.10). An honest
//! server believes none of them; a defect believes one kind.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::RsaPublicKeyComponents;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::DecodingKey;
use serde_json::Value;

use super::discovery::Metadata;
use super::id_token::Jwt;
use super::key_set::decoding_key;
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
    pub(super) async fn foreign_keys(
        &self,
        kind: ForeignKey,
        jwt: &Jwt,
        metadata: &Metadata,
        settings: &Value,
    ) -> Vec<DecodingKey> {
        let text = |name: &str| jwt.header.get(name).and_then(Value::as_str).unwrap_or_default();
        match kind {
            ForeignKey::PublicAsSecret => {
                let set = self.key_set(metadata.text("jwks_uri"), settings).await;
                keys_of(&set).filter_map(pem).map(|pem| DecodingKey::from_secret(pem.as_bytes())).collect()
            }
            ForeignKey::Embedded => jwt.header.get("jwk").and_then(decoding_key).into_iter().collect(),
            ForeignKey::AtUrl => keys_of(&self.key_set(text("jku"), settings).await).filter_map(decoding_key).collect(),
            // What a server finds that opens the file.
            ForeignKey::NamedByKeyId if text("kid").ends_with("/dev/null") => vec![DecodingKey::from_secret(b"")],
            ForeignKey::NamedByKeyId => Vec::new(),
        }
    }
}

fn keys_of(set: &Value) -> impl Iterator<Item = &Value> {
    set.get("keys").and_then(Value::as_array).into_iter().flatten()
}

/// An RSA key as it stands in a PEM file.
fn pem(jwk: &Value) -> Option<String> {
    let number = |name: &str| BASE64_URL_SAFE_NO_PAD.decode(jwk.get(name)?.as_str()?).ok();
    let key = RsaPublicKeyComponents { n: number("n")?, e: number("e")? };
    let document: PublicKeyX509Der<'_> = key.as_der().ok()?;
    let text = BASE64_STANDARD.encode(document.as_ref());
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    Some(format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n")))
}
