//! Compact serialisation of a JWT (RFC 7515 §7.1), as its draft says.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::{Algorithm, KeyError, KeyPool};
use crate::draft::{Jose, Seal};

/// Why a JWT could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The key is of another kind.
    #[error("there is no key for {0}")]
    WrongKey(&'static str),
    /// The keys cannot be had.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The crypto library refused.
    #[error("the signature could not be made")]
    Failed,
}

/// Signs header and claims as they stand.
///
/// What the header *says* and what is *done* are apart on purpose: the key
/// and the algorithm are those of `jose`, the header is a draft.
pub fn sign(
    claims: &Map<String, Value>,
    jose: &Jose,
    pool: &KeyPool,
    rotations: usize,
    secret: Option<&str>,
) -> Result<String, SignError> {
    let encode = |map: &Map<String, Value>| BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(map).unwrap_or_default());
    let payload = match &jose.payload {
        Some(payload) => BASE64_URL_SAFE_NO_PAD.encode(payload),
        None => encode(claims),
    };
    let input = format!("{}.{payload}", encode(&jose.header));
    let signature = match jose.seal {
        Seal::Absent => return Ok(format!("{input}.")),
        Seal::Intact | Seal::Tampered => signature(jose.algorithm, pool, rotations, secret, &input)?,
        // The next key of the pool is a real key that is not published yet.
        Seal::Stranger => signature(jose.algorithm, pool, rotations + 1, secret.map(|_| "stranger"), &input)?,
    };
    let mut signature = signature;
    if jose.seal == Seal::Tampered
        && let Some(first) = signature.first_mut()
    {
        *first ^= 0x5a;
    }
    Ok(format!("{input}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
}

fn signature(
    algorithm: Algorithm,
    pool: &KeyPool,
    rotations: usize,
    secret: Option<&str>,
    input: &str,
) -> Result<Vec<u8>, SignError> {
    if let Some(key) = pool.set(rotations)?.key(algorithm) {
        return key.sign(algorithm, input.as_bytes());
    }
    let secret = secret.ok_or(SignError::WrongKey("HS256: the client has no secret"))?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    Ok(hmac::sign(&key, input.as_bytes()).as_ref().to_vec())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use jsonwebtoken::jwk::Jwk;
    use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::jose::KeySource;

    /// Whether a library that nobody here wrote takes the signature.
    fn verifies(token: &str, rotations: usize, pool: &KeyPool, algorithm: Algorithm) -> bool {
        let key = match pool.set(rotations).unwrap().key(algorithm) {
            Some(key) => {
                let jwk: Jwk = serde_json::from_value(key.public().clone()).unwrap();
                DecodingKey::from_jwk(&jwk).unwrap()
            }
            None => DecodingKey::from_secret(b"secret"),
        };
        let mut validation = Validation::new(algorithm.name().parse().unwrap());
        validation.required_spec_claims.clear();
        validation.validate_aud = false;
        decode::<Value>(token, &key, &validation).is_ok()
    }

    fn token(algorithm: Algorithm, seal: Seal, pool: &KeyPool) -> String {
        let claims = json!({"sub": "a"}).as_object().unwrap().clone();
        let mut jose = Jose::honest(algorithm, Some("k"));
        jose.seal = seal;
        sign(&claims, &jose, pool, 0, Some("secret")).unwrap()
    }

    #[rstest]
    fn only_intact_signatures_verify(
        #[values(Algorithm::Rs256, Algorithm::Ps256, Algorithm::Es256, Algorithm::EdDsa, Algorithm::Hs256)]
        algorithm: Algorithm,
    ) {
        let pool = KeyPool::new(KeySource::Published);
        let honest = token(algorithm, Seal::Intact, &pool);
        assert!(verifies(&honest, 0, &pool, algorithm));
        assert_eq!(decode_header(&honest).unwrap().kid.as_deref(), Some("k"));
        for seal in [Seal::Tampered, Seal::Stranger, Seal::Absent] {
            assert!(!verifies(&token(algorithm, seal, &pool), 0, &pool, algorithm), "{seal:?}");
        }
    }
}
