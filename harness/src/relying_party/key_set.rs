//! Key sets of the provider (RFC 7517 §5), and what each key is for a token,
//! also if the token does not mean it.

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

use super::answer::{Answer, FetchError, NotAnObject};
use super::fetcher::Fetcher;
use super::jwt::Jwt;
use super::member::Comparison;
use super::signature::verifies;

/// What came from the address of a key set.
#[derive(Debug)]
pub struct KeySet {
    /// The answer.
    pub answer: Answer,
    /// The members of `keys`, usable or not; none if that is no list.
    pub keys: Result<Option<Vec<Value>>, NotAnObject>,
}

/// Fetches the key set at `address`.
pub async fn key_set(fetcher: Fetcher<'_>, address: &str) -> Result<KeySet, FetchError> {
    let answer = fetcher.get(address).await?;
    let keys = answer.object().map(|set| set.get("keys").and_then(Value::as_array).cloned());
    Ok(KeySet { answer, keys })
}

/// What a key says of itself.
#[derive(Debug, Clone)]
pub struct KeyFindings {
    /// The key.
    pub key: Value,
    /// `use`, compared with `sig` (RFC 7517 §4.2).
    pub purpose: Comparison,
    /// `alg`, compared with a signing algorithm (RFC 7517 §4.4, RFC 8725 §3.1).
    pub algorithm: Comparison,
    /// Whether it is a public key of a known type (RFC 7517 §5).
    pub is_usable: bool,
}

impl KeyFindings {
    /// Compares a key with a signing algorithm.
    pub fn of(key: &Value, algorithm: &str) -> Self {
        Self {
            purpose: Comparison::of(key.get("use"), Some("sig")),
            algorithm: Comparison::of(key.get("alg"), Some(algorithm)),
            is_usable: decoding_key(key).is_some(),
            key: key.clone(),
        }
    }

    /// Returns whether the key is for such signatures, as far as it says what it
    /// is for.
    pub fn is_meant(&self) -> bool {
        self.purpose.fits_if_present() && self.algorithm.fits_if_present()
    }
}

/// How the id of a key compares with the one that a token names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyIdMatch {
    /// The token names none.
    Unnamed,
    /// It is the same.
    Same,
    /// It is another one, or the key has none.
    Differs,
}

/// What a key is for a token.
#[derive(Debug, Clone)]
pub struct TokenKey {
    /// What it says of itself, compared with the algorithm of the token.
    pub findings: KeyFindings,
    /// How its id compares.
    pub id: KeyIdMatch,
    /// Whether it verifies the signature.
    pub verifies: bool,
}

impl TokenKey {
    /// Holds a key against a token that is signed with `algorithm`.
    pub fn of(key: &Value, token: &str, jwt: &Jwt, algorithm: Algorithm) -> Self {
        let id = match jwt.header_text("kid") {
            None => KeyIdMatch::Unnamed,
            kid if key.get("kid").and_then(Value::as_str) == kid => KeyIdMatch::Same,
            _ => KeyIdMatch::Differs,
        };
        let verifies = decoding_key(key).is_some_and(|key| verifies(token, &key, algorithm));
        Self { findings: KeyFindings::of(key, &format!("{algorithm:?}")), id, verifies }
    }

    /// Returns whether the key has the id that the token names, if it names one.
    pub fn is_named(&self) -> bool {
        self.id != KeyIdMatch::Differs
    }
}

/// Returns the public key in a JWK, if it can be used (RFC 7517 §5).
pub fn decoding_key(key: &Value) -> Option<DecodingKey> {
    // A published symmetric key verifies nothing.
    let jwk = serde_json::from_value::<Jwk>(key.clone()).ok().filter(|_| key["kty"] != "oct")?;
    DecodingKey::from_jwk(&jwk).ok()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!(7))]
    #[case(json!({"kty": "RSA"}))]
    #[case(json!({"kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"}))]
    #[case(json!({"kty": "AKP", "pub": "AA"}))]
    fn what_is_no_public_key_verifies_nothing(#[case] key: Value) {
        assert!(decoding_key(&key).is_none());
    }

    #[rstest]
    #[case(json!({}), None, true, true)]
    #[case(json!({}), Some("a"), false, true)]
    #[case(json!({"kid": "a"}), Some("a"), true, true)]
    #[case(json!({"kid": "a", "use": "sig", "alg": "RS256"}), Some("a"), true, true)]
    #[case(json!({"use": "enc"}), None, true, false)]
    #[case(json!({"alg": "RS512"}), None, true, false)]
    #[case(json!(7), None, true, true)]
    fn keys_are_for_what_they_say(
        #[case] key: Value,
        #[case] kid: Option<&str>,
        #[case] is_named: bool,
        #[case] is_meant: bool,
    ) {
        let header = kid.map(|kid| ("kid".to_owned(), Value::from(kid))).into_iter().collect();
        let jwt = Jwt { header, ..Jwt::default() };
        let found = TokenKey::of(&key, "a.b.c", &jwt, Algorithm::RS256);
        assert_eq!((found.is_named(), found.findings.is_meant(), found.verifies), (is_named, is_meant, false));
    }
}
