//! The provider's keys (RFC 7517): which of a set are looked at, and which of
//! them may verify what. Verifying itself is for `id_token.rs`.

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey};
use reqwest::Method;
use serde_json::Value;

use super::fetch::Purpose;
use super::server::Server;

/// What is decided about keys.
#[derive(Debug, Clone)]
pub(super) struct KeyRules {
    /// The keys of a set that are looked at.
    pub(super) of_set: fn(&Value) -> Vec<Value>,
    /// Whether a key may verify what names this key id and algorithm.
    pub(super) fits: fn(&Value, Option<&str>, Algorithm) -> bool,
    /// Whether a set that was fetched once is never fetched again.
    pub(super) kept: bool,
}

impl KeyRules {
    pub(super) fn honest() -> Self {
        Self {
            of_set: |set| set.get("keys").and_then(Value::as_array).cloned().unwrap_or_default(),
            fits: |key, kid, algorithm| is_named(key, kid) && is_meant(key, algorithm),
            kept: false,
        }
    }
}

/// Whether a key has that id; a token that names none leaves all of them.
pub(super) fn is_named(key: &Value, kid: Option<&str>) -> bool {
    kid.is_none() || key.get("kid").and_then(Value::as_str) == kid
}

/// Whether a key is meant for signatures of that algorithm, as far as it says
/// what it is meant for (RFC 7517 §4.2, §4.4; RFC 8725 §3.1).
fn is_meant(key: &Value, algorithm: Algorithm) -> bool {
    let says = |name: &str, wanted: &str| key.get(name).is_none_or(|said| said == wanted);
    says("use", "sig") && says("alg", &format!("{algorithm:?}"))
}

/// The key itself; none for what cannot be used (RFC 7517 §5).
pub(super) fn decoding_key(key: &Value) -> Option<DecodingKey> {
    // A symmetric key that everybody can read verifies nothing.
    let jwk = serde_json::from_value::<Jwk>(key.clone()).ok().filter(|_| key["kty"] != "oct")?;
    DecodingKey::from_jwk(&jwk).ok()
}

impl Server {
    /// The set at `uri`; null if there is none.
    pub(super) async fn key_set(&self, uri: &str, settings: &Value) -> Value {
        match self.fetch(self.ask(Method::GET, uri, Purpose::Keys, settings), Purpose::Keys, settings).await {
            Ok(answer) if answer.status == 200 => answer.json().unwrap_or_default(),
            _ => Value::Null,
        }
    }

    /// The keys that the set at `uri` has for a token of this key id and
    /// algorithm. Fetched for each token: new keys act at once.
    pub(super) async fn keys(
        &self,
        uri: &str,
        kid: Option<&str>,
        algorithm: Algorithm,
        settings: &Value,
    ) -> Vec<DecodingKey> {
        let kept = self.store().key_sets.get(uri).cloned().filter(|_| self.rules.keys.kept);
        let set = match kept {
            Some(set) => set,
            None => self.key_set(uri, settings).await,
        };
        let keys = (self.rules.keys.of_set)(&set);
        if self.rules.keys.kept {
            self.store().key_sets.insert(uri.to_owned(), set);
        }
        keys.iter().filter(|key| (self.rules.keys.fits)(key, kid, algorithm)).filter_map(decoding_key).collect()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!({}), None, true)]
    #[case(json!({}), Some("a"), false)]
    #[case(json!({"kid": "a"}), Some("a"), true)]
    #[case(json!({"kid": "a", "use": "sig", "alg": "RS256"}), Some("a"), true)]
    #[case(json!({"use": "enc"}), None, false)]
    #[case(json!({"alg": "RS512"}), None, false)]
    #[case(json!(7), None, true)]
    fn keys_are_for_what_they_say(#[case] key: Value, #[case] kid: Option<&str>, #[case] fits: bool) {
        assert_eq!((KeyRules::honest().fits)(&key, kid, Algorithm::RS256), fits);
    }

    #[rstest]
    #[case(json!(7))]
    #[case(json!({"kty": "RSA"}))]
    #[case(json!({"kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"}))]
    #[case(json!({"kty": "AKP", "pub": "AA"}))]
    fn what_is_no_public_key_verifies_nothing(#[case] key: Value) {
        assert!(decoding_key(&key).is_none());
    }
}
