//! Keys that verify signatures (RFC 7517), and where tokens say that they
//! are.

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

/// Where a key comes from that should not be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignKey {
    /// The provider's public key, taken for an HMAC secret.
    PublicAsSecret,
    /// `jwk` of the header.
    Embedded,
    /// What lies at `jku` of the header.
    AtUrl,
    /// The file that `kid` of the header names.
    NamedByKeyId,
}

/// The key itself; none for what cannot be used (RFC 7517 §5).
pub fn decoding_key(key: &Value) -> Option<DecodingKey> {
    // A published symmetric key verifies nothing.
    let jwk = serde_json::from_value::<Jwk>(key.clone()).ok().filter(|_| key["kty"] != "oct")?;
    DecodingKey::from_jwk(&jwk).ok()
}

/// Whether a key has that id; a token that names none leaves all of them.
pub fn is_named(key: &Value, kid: Option<&str>) -> bool {
    kid.is_none() || key.get("kid").and_then(Value::as_str) == kid
}

/// Whether a key is meant for signatures of that algorithm, as far as it says
/// what it is meant for (RFC 7517 §4.2, §4.4; RFC 8725 §3.1).
pub fn is_meant(key: &Value, algorithm: Algorithm) -> bool {
    let says = |name: &str, wanted: &str| key.get(name).is_none_or(|said| said == wanted);
    says("use", "sig") && says("alg", &format!("{algorithm:?}"))
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
}
