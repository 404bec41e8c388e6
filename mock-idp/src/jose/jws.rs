//! A JWT, signed and written (RFC 7515 §7.1) as its draft says.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE};
use serde_json::{Map, Value, json};

use super::jwe::encrypt;
use super::{Form, Jose, KeyPool, KeySet, Seal, SignError};
use crate::protocol::Algorithm;

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
    let header = serde_json::to_vec(&jose.header).unwrap_or_default();
    let payload = payload(claims, jose);
    let mut token = String::with_capacity((header.len() + payload.len() + LARGEST_SIGNATURE) / 3 * 4 + 16);
    BASE64_URL_SAFE_NO_PAD.encode_string(&header, &mut token);
    token.push('.');
    BASE64_URL_SAFE_NO_PAD.encode_string(&payload, &mut token);
    let set = match jose.seal {
        Seal::Former => pool.former(rotations)?,
        Seal::Stranger => pool.foreign(rotations)?,
        Seal::Intact | Seal::Tampered | Seal::Absent => pool.set(rotations)?,
    };
    let secret = secret.map(|secret| if jose.seal == Seal::Stranger { "stranger" } else { secret });
    let secret = jose.secret.as_deref().or(secret.map(str::as_bytes));
    let mut signature = match jose.seal {
        Seal::Absent => Vec::new(),
        _ => signature(jose.algorithm, set, secret, &token)?,
    };
    if jose.seal == Seal::Tampered
        && let Some(first) = signature.first_mut()
    {
        *first ^= 0x5a;
    }
    token.push('.');
    BASE64_URL_SAFE_NO_PAD.encode_string(&signature, &mut token);
    match jose.form {
        Form::Compact => Ok(token),
        Form::Encrypted => {
            let recipient = pool.foreign(rotations)?.key(Algorithm::Rs256).ok_or(SignError::WrongKey("encryption"))?;
            encrypt(&token, recipient)
        }
        form => Ok(write(form, [&header, payload.as_bytes(), &signature])),
    }
}

/// In bytes: RSA with 2048 bits.
const LARGEST_SIGNATURE: usize = 256;

/// Writes the three parts.
fn write(form: Form, parts: [&[u8]; 3]) -> String {
    let join = |parts: &[String]| parts.join(".");
    let compact = parts.map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
    match form {
        Form::Compact | Form::Encrypted => join(&compact),
        Form::Padded => join(&parts.map(|part| BASE64_URL_SAFE.encode(part))),
        Form::StandardAlphabet => join(&parts.map(|part| BASE64_STANDARD_NO_PAD.encode(part))),
        Form::Broken => {
            let lines: Vec<String> =
                join(&compact).as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
            lines.join("\n")
        }
        Form::Json => {
            let [header, payload, signature] = compact;
            json!({ "protected": header, "payload": payload, "signature": signature }).to_string()
        }
        Form::TwoParts => join(&compact[..2]),
        Form::FourParts => join(&compact) + "." + &compact[2],
    }
}

/// What is signed: the claims, unless the draft says otherwise.
fn payload(claims: &Map<String, Value>, jose: &Jose) -> String {
    if let Some(payload) = &jose.payload {
        return payload.clone();
    }
    let claims = serde_json::to_string(claims).unwrap_or_default();
    if jose.ahead.is_empty() && jose.behind.is_empty() {
        return claims;
    }
    let claims = claims.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or_default();
    let members: Vec<&str> = jose
        .ahead
        .iter()
        .map(String::as_str)
        .chain([claims].into_iter().filter(|claims| !claims.is_empty()))
        .chain(jose.behind.iter().map(String::as_str))
        .collect();
    format!("{{{}}}", members.join(","))
}

fn signature(algorithm: Algorithm, set: &KeySet, secret: Option<&[u8]>, input: &str) -> Result<Vec<u8>, SignError> {
    let hash = match algorithm {
        Algorithm::Hs256 => hmac::HMAC_SHA256,
        Algorithm::Hs384 => hmac::HMAC_SHA384,
        Algorithm::Hs512 => hmac::HMAC_SHA512,
        _ => {
            let key = set.key(algorithm).ok_or(SignError::WrongKey(algorithm.name()))?;
            return key.sign(algorithm, input.as_bytes());
        }
    };
    let secret = secret.ok_or(SignError::WrongKey("HMAC: the client has no secret"))?;
    Ok(hmac::sign(&hmac::Key::new(hash, secret), input.as_bytes()).as_ref().to_vec())
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

    /// Whether a third-party library accepts the signature.
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
        #[values("RS", "PS", "ES", "HS")] family: &str,
        #[values("256", "384", "512")] size: &str,
    ) {
        // There is no P-521 key; EdDSA stands in for it.
        let algorithm = Algorithm::named(&format!("{family}{size}")).unwrap_or(Algorithm::EdDsa);
        let pool = KeyPool::new(KeySource::Published);
        let honest = token(algorithm, Seal::Intact, &pool);
        assert!(verifies(&honest, 0, &pool, algorithm));
        assert_eq!(decode_header(&honest).unwrap().kid.as_deref(), Some("k"));
        for seal in [Seal::Tampered, Seal::Stranger, Seal::Former, Seal::Absent] {
            // HMAC has no keys that come and go.
            if seal == Seal::Former && family == "HS" {
                continue;
            }
            assert!(!verifies(&token(algorithm, seal, &pool), 0, &pool, algorithm), "{seal:?}");
        }
    }
}
