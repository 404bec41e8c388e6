//! A key set as the world sees it (RFC 7517 §5): which keys, under which ids,
//! with which members.

use aws_lc_rs::digest::{Algorithm as Hash, SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use super::{KeyError, KeySet, SigningKey};
use crate::protocol::Algorithm;
use crate::settings::{JwkMember, KeyIds, ProviderSettings, PublishedKeys};

/// The public half of an RSA key without a private half: data encrypted to it
/// stays unreadable.
const ENCRYPTION_MODULUS: &str = "xM6OdIwohjynnVlct0cHa_4k9oxPt5L1KheJvMBLHjviXI5_0OjFg3LHf6Z0LaIDaMejXNOWeK64OpmKAdJ\
    tBTMvWIJlpBg7xEfc_f8Uuaqld0bCm7Zb3K2QHmFiLxXlP_R2axQaxaAPuVduhhmrJUZsPbxBcHlHdo0j9nn5xIQqDzbGg76Lj_Q7b3fmso9WZLJ1t\
    Wc1ygunIECjvqeb2ntdnibPrPfWj4sT_ApURx3UHdYX6-3cyKfPEmUQaXDFR-vfjlQFD1wsfzcVrqojABkM-X_WIR2kiF-DAq2WVQTKldqfOlUz1qw\
    MUP6XxsxR1wLrvx9CqzNjweF2KT-s1w";

/// A key set as the world sees it.
#[derive(Debug)]
pub(crate) struct PublishedKeySet {
    members: Map<String, Value>,
    ids: Vec<(Algorithm, String)>,
}

impl PublishedKeySet {
    pub(crate) fn new(set: &KeySet, settings: &ProviderSettings) -> Result<Self, KeyError> {
        let signs = [Some(settings.signing_algorithm), settings.userinfo_signing_algorithm];
        let signs = || signs.iter().flatten().copied();
        let mut keys = Vec::new();
        if settings.encryption_key {
            keys.push(encryption_key(settings.key_ids));
        }
        for (key, usual) in set.keys() {
            let is_this = |algorithm: Algorithm| set.key(algorithm).is_some_and(|own| std::ptr::eq(own, key));
            let algorithm = signs().find(|algorithm| is_this(*algorithm));
            if settings.published_keys == PublishedKeys::All || algorithm.is_some() {
                keys.push(jwk(key, algorithm.unwrap_or(usual), settings)?);
            }
        }
        let mut members = Map::new();
        members.insert("keys".into(), Value::Array(keys));
        let ids = Algorithm::ALL.iter().filter_map(|algorithm| {
            let key = set.key(*algorithm)?;
            Some((*algorithm, key.id(settings.key_ids)))
        });
        Ok(Self { members, ids: ids.collect() })
    }

    /// The document.
    pub(crate) fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// The id of the key for an algorithm; none for HMAC.
    pub(crate) fn key_id(&self, algorithm: Algorithm) -> Option<&str> {
        self.ids.iter().find(|(own, _)| *own == algorithm).map(|(_, id)| id.as_str())
    }
}

fn jwk(key: &SigningKey, algorithm: Algorithm, settings: &ProviderSettings) -> Result<Value, KeyError> {
    let mut jwk = key.public().clone();
    jwk["kid"] = key.id(settings.key_ids).into();
    for member in &settings.jwks_members {
        let certificate = if member.needs_certificate() { key.certificate()? } else { &[] };
        let thumbprint = |hash: &'static Hash| BASE64_URL_SAFE_NO_PAD.encode(digest(hash, certificate));
        match member {
            JwkMember::Use => jwk["use"] = "sig".into(),
            JwkMember::Alg => jwk["alg"] = algorithm.name().into(),
            JwkMember::X5c => jwk["x5c"] = json!([BASE64_STANDARD.encode(certificate)]),
            JwkMember::X5t => jwk["x5t"] = thumbprint(&SHA1_FOR_LEGACY_USE_ONLY).into(),
            JwkMember::X5tS256 => jwk["x5t#S256"] = thumbprint(&SHA256).into(),
        }
    }
    Ok(jwk)
}

fn encryption_key(ids: KeyIds) -> Value {
    let mut fingerprint = [0; 32];
    fingerprint.copy_from_slice(digest(&SHA256, ENCRYPTION_MODULUS.as_bytes()).as_ref());
    json!({
        "kty": "RSA",
        "n": ENCRYPTION_MODULUS,
        "e": "AQAB",
        "kid": ids.id(&fingerprint),
        "use": "enc",
        "alg": "RSA-OAEP",
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;

    use super::*;
    use crate::jose::{KeyPool, KeySource};

    fn published(settings: Value) -> Vec<Map<String, Value>> {
        let settings = ProviderSettings::default().with(settings.as_object().unwrap()).unwrap();
        let pool = KeyPool::new(KeySource::Published);
        let set = PublishedKeySet::new(pool.set(0).unwrap(), &settings).unwrap();
        serde_json::from_value(set.members()["keys"].clone()).unwrap()
    }

    #[rstest]
    #[case(json!({}), &["RSA", "EC", "EC", "OKP"])]
    #[case(json!({"published-keys": "signing"}), &["RSA"])]
    #[case(json!({"published-keys": "signing", "signing-algorithm": "ES256"}), &["EC"])]
    #[case(json!({"published-keys": "signing", "signing-algorithm": "ES384"}), &["EC"])]
    #[case(json!({"published-keys": "signing", "signing-algorithm": "HS256"}), &[])]
    #[case(json!({"published-keys": "signing", "userinfo-signing-algorithm": "EdDSA"}), &["RSA", "OKP"])]
    #[case(json!({"published-keys": "signing", "encryption-key": true}), &["RSA", "RSA"])]
    fn the_settings_say_which_keys(#[case] settings: Value, #[case] kinds: &[&str]) {
        let keys = published(settings);
        assert_eq!(keys.iter().map(|key| key["kty"].as_str().unwrap()).collect::<Vec<_>>(), kinds);
    }

    #[rstest]
    #[case("base64url", 43, "[A-Za-z0-9_-]")]
    #[case("hex", 40, "[0-9a-f]")]
    #[case("decimal", 18, "[0-9]")]
    #[case("alphanumeric", 24, "[0-9A-Za-z]")]
    fn ids_look_as_wanted(#[case] alphabet: &str, #[case] length: usize, #[case] letters: &str) {
        let keys = published(json!({"key-ids": {"alphabet": alphabet, "length": length}}));
        let pattern = regex_lite::Regex::new(&format!("^{letters}{{{length}}}$")).unwrap();
        let ids: std::collections::BTreeSet<&str> = keys.iter().map(|key| key["kid"].as_str().unwrap()).collect();
        assert!(ids.len() == keys.len() && ids.iter().all(|id| pattern.is_match(id)), "{ids:?}");
    }

    #[test]
    fn certificates_are_about_their_keys() {
        let keys = published(json!({"jwks-members": ["x5c", "x5t", "x5t#S256", "alg"]}));
        assert_eq!(
            keys.iter().map(|key| key["alg"].as_str().unwrap()).collect::<Vec<_>>(),
            ["RS256", "ES256", "ES384", "EdDSA"]
        );
        for key in &keys {
            let certificate = BASE64_STANDARD.decode(key["x5c"][0].as_str().unwrap()).unwrap();
            let thumbprint = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, &certificate));
            assert_eq!(key["x5t#S256"], thumbprint);
            // The public key stands in the certificate as it stands in the JWK.
            let own =
                BASE64_URL_SAFE_NO_PAD.decode(key.get("n").unwrap_or_else(|| &key["x"]).as_str().unwrap()).unwrap();
            assert!(certificate.windows(own.len()).any(|part| part == own));
            assert!(!key.contains_key("use"));
        }
    }

    #[test]
    fn an_encryption_key_comes_first_and_says_so() {
        let keys = published(json!({"encryption-key": true}));
        assert_eq!((&keys[0]["use"], &keys[0]["alg"]), (&json!("enc"), &json!("RSA-OAEP")));
        assert_eq!(BASE64_URL_SAFE_NO_PAD.decode(ENCRYPTION_MODULUS).unwrap().len(), 256);
    }
}
