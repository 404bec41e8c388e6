//! Signatures of JWTs, verified with `jsonwebtoken`. Which keys a provider has is
//! for [`super::key_set`].

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::Value;

use super::jwt::Jwt;

/// How a token is signed, by `alg` of its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningMethod {
    /// No algorithm, or one that is not known here, such as `none`.
    Unknown,
    /// HMAC with the client secret.
    Secret(Algorithm),
    /// With a key of the provider's key set.
    Key(Algorithm),
}

impl SigningMethod {
    /// Returns the method that a token names.
    pub fn of(jwt: &Jwt) -> Self {
        match jwt.header_text("alg").and_then(|name| name.parse().ok()) {
            None => Self::Unknown,
            Some(algorithm @ (Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512)) => Self::Secret(algorithm),
            Some(algorithm) => Self::Key(algorithm),
        }
    }
}

/// Returns whether a key verifies the signature of a token.
pub fn verifies(token: &str, key: &DecodingKey, algorithm: Algorithm) -> bool {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_aud = false;
    validation.validate_exp = false;
    decode::<Value>(token, key, &validation).is_ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use super::*;

    /// The example of RFC 7515, appendix A.1.
    #[test]
    fn a_secret_verifies_its_signature_alone() {
        let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6\
                     Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        assert_eq!(SigningMethod::of(&Jwt::read(token).unwrap()), SigningMethod::Secret(Algorithm::HS256));
        let key =
            DecodingKey::from_base64_secret(&format!("{}==", secret.replace('-', "+").replace('_', "/"))).unwrap();
        assert!(verifies(token, &key, Algorithm::HS256));
        assert!(!verifies(token, &DecodingKey::from_secret(b"x"), Algorithm::HS256));
    }
}
