//! JWTs that come back to the provider: whether it signed them (RFC 7515 §5.2).

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
    UnparsedPublicKey, VerificationAlgorithm,
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

/// The claims of a JWT in compact form that was signed by `algorithm`, with a
/// key of the set or with the client's secret; none for any other text. What
/// the claims say is for the caller.
pub(crate) fn verified(
    token: &str,
    algorithm: Algorithm,
    keys: &KeySet,
    secret: Option<&str>,
) -> Option<Map<String, Value>> {
    let (input, signature) = token.rsplit_once('.')?;
    let (header, payload) = input.split_once('.')?;
    let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).ok();
    let header: Map<String, Value> = serde_json::from_slice(&decode(header)?).ok()?;
    // The token does not choose how it is checked.
    if header.get("alg")? != algorithm.name() {
        return None;
    }
    let (input, signature) = (input.as_bytes(), decode(signature)?);
    let verified = match method(algorithm) {
        Method::Key(method) => {
            UnparsedPublicKey::new(method, keys.key(algorithm)?.public_bytes()).verify(input, &signature)
        }
        Method::Hmac(hash) => hmac::verify(&hmac::Key::new(hash, secret?.as_bytes()), input, &signature),
    };
    verified.ok()?;
    serde_json::from_slice(&decode(payload)?).ok()
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
