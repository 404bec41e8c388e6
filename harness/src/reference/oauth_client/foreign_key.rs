//! Keys that a token speaks of and that should not be believed (RFC 8725 §3.10).
//! Without a defect, none is.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::RsaPublicKeyComponents;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

use super::client::OAuthClient;
use crate::reference::rules::ForeignKey;
use crate::relying_party::{Jwt, Metadata, decoding_key, verifies};

impl OAuthClient<'_> {
    /// Whether a key verifies a token that counts besides the provider's own.
    pub(super) async fn foreign_key_verifies(
        &self,
        token: &str,
        jwt: &Jwt,
        algorithm: Algorithm,
        metadata: &Metadata,
    ) -> bool {
        let Some(believed) = self.rules.id_token.foreign_key else { return false };
        let text = |name: &str| jwt.header_text(name).unwrap_or_default();
        let keys: Vec<DecodingKey> = match believed {
            ForeignKey::PublicAsSecret => {
                let keys = self.keys(metadata.text("jwks_uri")).await;
                keys.iter().filter_map(pem).map(|pem| DecodingKey::from_secret(pem.as_bytes())).collect()
            }
            ForeignKey::Embedded => jwt.header.get("jwk").and_then(decoding_key).into_iter().collect(),
            ForeignKey::AtUrl => self.keys(text("jku")).await.iter().filter_map(decoding_key).collect(),
            ForeignKey::AtUrlBesideOwn => {
                let own = self.keys(metadata.text("jwks_uri")).await;
                let there = self.keys(text("jku")).await;
                let is_trusted =
                    there.iter().any(|key| key.get("n").is_some_and(|n| own.iter().any(|own| &own["n"] == n)));
                there.iter().filter(|_| is_trusted).filter_map(decoding_key).collect()
            }
            // What a server finds that opens the file.
            ForeignKey::NamedByKeyId if text("kid").ends_with("/dev/null") => vec![DecodingKey::from_secret(b"")],
            ForeignKey::NamedByKeyId => Vec::new(),
        };
        keys.iter().any(|key| verifies(token, key, algorithm))
    }
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
