//! Verifying JWTs of the provider, by `jsonwebtoken` and not by anything that
//! the provider signs with.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::RsaPublicKeyComponents;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use reqwest::Method;
use serde_json::Value;

use super::request::RelyingParty;
use crate::reference::message::{Expectation, ForeignKey, Jwt, Metadata, Purpose, TokenChecks, decoding_key};

impl RelyingParty<'_> {
    /// What a token of the provider is held against, by itself.
    pub(super) fn expectation<'a>(&'a self, metadata: &'a Metadata, algorithm: &'a str) -> Expectation<'a> {
        Expectation {
            issuer: metadata.text("issuer"),
            client_id: self.setting("clientId"),
            algorithm,
            now: self.server.now(),
            access_token: None,
            nonce: None,
        }
    }

    /// Whether a token passes, signature and all.
    pub(super) async fn is_right(
        &self,
        token: &str,
        jwt: &Jwt,
        checks: &TokenChecks,
        expected: &Expectation<'_>,
        metadata: &Metadata,
    ) -> bool {
        checks.hold(jwt, expected) && (!checks.signature || self.signature_is_right(token, jwt, metadata).await)
    }

    /// Whether the signature is the provider's. HMAC uses the client secret.
    async fn signature_is_right(&self, token: &str, jwt: &Jwt, metadata: &Metadata) -> bool {
        if (self.rules.id_token.counts_unsigned)(token, jwt) {
            return true;
        }
        let Some(algorithm) = jwt.header.get("alg").and_then(Value::as_str) else { return false };
        let Ok(algorithm) = algorithm.parse::<Algorithm>() else { return false };
        let kid = jwt.header.get("kid").and_then(Value::as_str);
        let own = match algorithm {
            Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 => {
                vec![DecodingKey::from_secret(self.setting("clientSecret").as_bytes())]
            }
            _ => match self.permitted(metadata.text("jwks_uri"), metadata) {
                Some(uri) => self.keys(uri, kid, algorithm).await,
                None => Vec::new(),
            },
        };
        if own.iter().any(|key| verifies(token, key, algorithm)) {
            return true;
        }
        let Some(believed) = self.rules.id_token.foreign_key else { return false };
        let foreign = self.foreign_keys(believed, jwt, metadata).await;
        foreign.iter().any(|key| verifies(token, key, algorithm))
    }

    /// The set at `uri`; null if there is none.
    async fn key_set(&self, uri: &str) -> Value {
        match self.fetch(self.ask(Method::GET, uri, Purpose::Keys), Purpose::Keys).await {
            Ok(answer) if answer.status == 200 => answer.json().unwrap_or_default(),
            _ => Value::Null,
        }
    }

    /// The keys that the set at `uri` has for a token of this key id and
    /// algorithm. Fetched for each token: new keys act at once.
    async fn keys(&self, uri: &str, kid: Option<&str>, algorithm: Algorithm) -> Vec<DecodingKey> {
        let rules = &self.rules.keys;
        let kept = self.server.store().key_sets.get(uri).cloned().filter(|_| rules.kept);
        let set = match kept {
            Some(set) => set,
            None => self.key_set(uri).await,
        };
        let keys = (rules.of_set)(&set);
        if rules.kept {
            self.server.store().key_sets.insert(uri.to_owned(), set);
        }
        keys.iter().filter(|key| (rules.fits)(key, kid, algorithm)).filter_map(decoding_key).collect()
    }

    /// The keys of that kind that a token speaks of (RFC 8725 §3.10).
    async fn foreign_keys(&self, kind: ForeignKey, jwt: &Jwt, metadata: &Metadata) -> Vec<DecodingKey> {
        let text = |name: &str| jwt.header.get(name).and_then(Value::as_str).unwrap_or_default();
        match kind {
            ForeignKey::PublicAsSecret => {
                let set = self.key_set(metadata.text("jwks_uri")).await;
                keys_of(&set).filter_map(pem).map(|pem| DecodingKey::from_secret(pem.as_bytes())).collect()
            }
            ForeignKey::Embedded => jwt.header.get("jwk").and_then(decoding_key).into_iter().collect(),
            ForeignKey::AtUrl => keys_of(&self.key_set(text("jku")).await).filter_map(decoding_key).collect(),
            // What a server finds that opens the file.
            ForeignKey::NamedByKeyId if text("kid").ends_with("/dev/null") => vec![DecodingKey::from_secret(b"")],
            ForeignKey::NamedByKeyId => Vec::new(),
        }
    }
}

fn verifies(token: &str, key: &DecodingKey, algorithm: Algorithm) -> bool {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_aud = false;
    validation.validate_exp = false;
    decode::<Value>(token, key, &validation).is_ok()
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
