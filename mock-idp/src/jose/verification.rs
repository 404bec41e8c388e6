//! JWTs that the provider receives: whether it signed them, or its client did
//! (RFC 7515 §5.2).

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
    RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::KeySet;
use crate::protocol::Algorithm;

/// How a signature is held against a key.
enum Method {
    Key(&'static dyn VerificationAlgorithm),
    Hmac(hmac::Algorithm),
}

fn method(algorithm: Algorithm) -> Method {
    match algorithm {
        Algorithm::Rs256 => Method::Key(&RSA_PKCS1_2048_8192_SHA256),
        Algorithm::Rs384 => Method::Key(&RSA_PKCS1_2048_8192_SHA384),
        Algorithm::Rs512 => Method::Key(&RSA_PKCS1_2048_8192_SHA512),
        Algorithm::Ps256 => Method::Key(&RSA_PSS_2048_8192_SHA256),
        Algorithm::Ps384 => Method::Key(&RSA_PSS_2048_8192_SHA384),
        Algorithm::Ps512 => Method::Key(&RSA_PSS_2048_8192_SHA512),
        Algorithm::Es256 => Method::Key(&ECDSA_P256_SHA256_FIXED),
        Algorithm::Es384 => Method::Key(&ECDSA_P384_SHA384_FIXED),
        Algorithm::EdDsa => Method::Key(&ED25519),
        Algorithm::Hs256 => Method::Hmac(hmac::HMAC_SHA256),
        Algorithm::Hs384 => Method::Hmac(hmac::HMAC_SHA384),
        Algorithm::Hs512 => Method::Hmac(hmac::HMAC_SHA512),
    }
}

/// A JWT in compact form, taken apart.
struct CompactJws<'a> {
    header: Map<String, Value>,
    input: &'a [u8],
    payload: &'a str,
    signature: Vec<u8>,
}

impl<'a> CompactJws<'a> {
    fn of(token: &'a str) -> Option<Self> {
        let (input, signature) = token.rsplit_once('.')?;
        let (header, payload) = input.split_once('.')?;
        let header = serde_json::from_slice(&decode(header)?).ok()?;
        Some(Self { header, input: input.as_bytes(), payload, signature: decode(signature)? })
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.header.get(name)?.as_str()
    }

    fn claims(&self) -> Option<Map<String, Value>> {
        serde_json::from_slice(&decode(self.payload)?).ok()
    }
}

fn decode(part: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(part).ok()
}

/// The claims of a JWT in compact form that was signed by `algorithm`, with a
/// key of the set or with the client's secret; none for any other text. What
/// the claims say is for the caller.
pub(crate) fn verified(
    token: &str,
    algorithm: Algorithm,
    keys: &KeySet,
    secret: Option<&str>,
) -> Option<Map<String, Value>> {
    let parts = CompactJws::of(token)?;
    // The token does not choose how it is checked.
    if parts.text("alg")? != algorithm.name() {
        return None;
    }
    let verified = match method(algorithm) {
        Method::Key(method) => {
            let key = UnparsedPublicKey::new(method, keys.key(algorithm)?.public_bytes());
            key.verify(parts.input, &parts.signature)
        }
        Method::Hmac(hash) => hmac::verify(&hmac::Key::new(hash, secret?.as_bytes()), parts.input, &parts.signature),
    };
    verified.ok()?;
    parts.claims()
}

/// The claims of a JWT in compact form that was signed by one of the keys, each
/// a JWK (RFC 7517 §4): the one that the header names, if it names one. None for
/// any other text.
pub(crate) fn verified_by(token: &str, keys: &[Value]) -> Option<Map<String, Value>> {
    let parts = CompactJws::of(token)?;
    let algorithm = Algorithm::named(parts.text("alg")?)?;
    let kid = parts.text("kid");
    let mut named = keys.iter().filter(|key| kid.is_none() || key["kid"].is_null() || key["kid"].as_str() == kid);
    named.find(|key| fits(key, algorithm, &parts).unwrap_or(false))?;
    parts.claims()
}

/// Whether the key made the signature; none where it is of another kind.
fn fits(key: &Value, algorithm: Algorithm, parts: &CompactJws<'_>) -> Option<bool> {
    let bytes = |member: &str| decode(key[member].as_str()?);
    let Method::Key(method) = method(algorithm) else { return None };
    let point = match (key["kty"].as_str()?, algorithm) {
        ("RSA", _) => {
            let key = RsaPublicKeyComponents { n: bytes("n")?, e: bytes("e")? };
            return Some(key.verify(rsa(algorithm)?, parts.input, &parts.signature).is_ok());
        }
        // An uncompressed point: 4, x, y (SEC 1 §2.3.3).
        ("EC", Algorithm::Es256 | Algorithm::Es384) => [vec![4], bytes("x")?, bytes("y")?].concat(),
        ("OKP", Algorithm::EdDsa) => bytes("x")?,
        _ => return None,
    };
    Some(UnparsedPublicKey::new(method, point).verify(parts.input, &parts.signature).is_ok())
}

fn rsa(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    Some(match algorithm {
        Algorithm::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
        Algorithm::Rs384 => &RSA_PKCS1_2048_8192_SHA384,
        Algorithm::Rs512 => &RSA_PKCS1_2048_8192_SHA512,
        Algorithm::Ps256 => &RSA_PSS_2048_8192_SHA256,
        Algorithm::Ps384 => &RSA_PSS_2048_8192_SHA384,
        Algorithm::Ps512 => &RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::jose::{Jose, KeyPool, KeySource, Seal, sign};

    fn token(pool: &KeyPool, algorithm: Algorithm, seal: Seal) -> String {
        let claims = json!({"sub": "a"}).as_object().unwrap().clone();
        let jose = Jose { seal, ..Jose::honest(algorithm, None) };
        sign(&claims, &jose, pool, 0, Some("secret")).unwrap()
    }

    #[test]
    fn only_own_signatures_are_good() {
        let pool = KeyPool::new(KeySource::Published);
        let keys = pool.set(0).unwrap();
        for algorithm in Algorithm::ALL.iter().copied() {
            let check = |token: &str| verified(token, algorithm, keys, Some("secret"));
            let own = check(&token(&pool, algorithm, Seal::Intact));
            assert_eq!(own.map(Value::Object), Some(json!({"sub": "a"})), "{algorithm:?}");
            for seal in [Seal::Tampered, Seal::Stranger, Seal::Absent] {
                assert_eq!(check(&token(&pool, algorithm, seal)), None, "{algorithm:?} {seal:?}");
            }
        }
    }

    #[test]
    fn signatures_of_a_client_are_good_by_its_own_key_only() {
        let pool = KeyPool::new(KeySource::Published);
        let public = |rotations: usize| -> Vec<Value> {
            pool.set(rotations).unwrap().keys().iter().map(|(key, _)| key.public().clone()).collect()
        };
        for algorithm in Algorithm::ALL.iter().copied() {
            let check = |token: &str, keys: &[Value]| verified_by(token, keys).is_some();
            let own = token(&pool, algorithm, Seal::Intact);
            // HMAC takes no public key.
            assert_eq!(check(&own, &public(0)), !algorithm.is_symmetric(), "{algorithm:?}");
            assert!(!check(&own, &public(1)), "{algorithm:?}");
            assert!(!check(&token(&pool, algorithm, Seal::Tampered), &public(0)), "{algorithm:?}");
        }
        let named = |kid: &str| vec![json!({"kid": kid}), with_kid(&public(0)[0], kid)];
        let jose = Jose::honest(Algorithm::Rs256, Some("k"));
        let token = sign(&Map::new(), &jose, &pool, 0, None).unwrap();
        assert!(verified_by(&token, &named("k")).is_some());
        assert!(verified_by(&token, &named("other")).is_none());
    }

    fn with_kid(key: &Value, kid: &str) -> Value {
        let mut key = key.clone();
        key["kid"] = kid.into();
        key
    }

    #[rstest]
    #[case::of_another_algorithm(Algorithm::Rs256, Algorithm::Rs384, Some("secret"))]
    #[case::by_a_public_key(Algorithm::Hs256, Algorithm::Rs256, Some("secret"))]
    #[case::of_another_secret(Algorithm::Hs256, Algorithm::Hs256, Some("another"))]
    #[case::of_no_secret(Algorithm::Hs256, Algorithm::Hs256, None)]
    fn the_token_does_not_choose(#[case] signed: Algorithm, #[case] wanted: Algorithm, #[case] secret: Option<&str>) {
        let pool = KeyPool::new(KeySource::Published);
        let token = token(&pool, signed, Seal::Intact);
        assert_eq!(verified(&token, wanted, pool.set(0).unwrap(), secret), None);
    }

    #[rstest]
    #[case("")]
    #[case("a.b.c")]
    #[case("eyJhbGciOiJSUzI1NiJ9.e30.")]
    #[case("eyJhbGciOiJub25lIn0.e30.")]
    #[case("e30.e30.e30")]
    fn what_is_no_token_is_none(#[case] text: &str) {
        let pool = KeyPool::new(KeySource::Published);
        assert_eq!(verified(text, Algorithm::Rs256, pool.set(0).unwrap(), None), None);
    }
}
