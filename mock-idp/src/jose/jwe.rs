//! Encryption of a JWT (RFC 7516 §7.1) to a key that the client does not
//! have, which is what a client sees that never agreed on encryption.

use aws_lc_rs::aead::{AES_256_GCM, Aad, RandomizedNonceKey};
use aws_lc_rs::rand;
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::json;

use super::{SignError, SigningKey};
use crate::settings::KeyIds;

/// Encrypts `token` by RSA-OAEP-256 and A256GCM to the public half of an RSA
/// key.
pub(super) fn encrypt(token: &str, recipient: &SigningKey) -> Result<String, SignError> {
    let failed = |_| SignError::Failed;
    let header =
        json!({ "alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT", "kid": recipient.id(KeyIds::default()) });
    let header = BASE64_URL_SAFE_NO_PAD.encode(header.to_string());
    let mut content_key = [0; 32];
    rand::fill(&mut content_key).map_err(failed)?;
    let recipient =
        PublicEncryptingKey::from_der(&recipient.public_der()?).map_err(|_| SignError::WrongKey("RSA-OAEP-256"))?;
    let recipient = OaepPublicEncryptingKey::new(recipient).map_err(failed)?;
    let mut encrypted_key = vec![0; recipient.ciphertext_size()];
    recipient.encrypt(&OAEP_SHA256_MGF1SHA256, &content_key, &mut encrypted_key, None).map_err(failed)?;
    let cipher = RandomizedNonceKey::new(&AES_256_GCM, &content_key).map_err(failed)?;
    let mut text = token.as_bytes().to_vec();
    let (nonce, tag) = cipher.seal_in_place_separate_tag(Aad::from(header.as_bytes()), &mut text).map_err(failed)?;
    let parts = [&encrypted_key, nonce.as_ref().as_slice(), &text, tag.as_ref()];
    Ok(parts.iter().fold(header, |token, part| token + "." + &BASE64_URL_SAFE_NO_PAD.encode(part)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use aws_lc_rs::aead::Nonce;
    use aws_lc_rs::rsa::{OaepPrivateDecryptingKey, PrivateDecryptingKey};
    use base64::prelude::BASE64_STANDARD;

    use super::*;

    #[test]
    fn only_the_recipient_can_read_it() {
        let pem = include_str!("../../keys/rsa-1.pem");
        let token = encrypt("a.b.c", &SigningKey::rsa_from_pem(pem).unwrap()).unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        let [header, key, nonce, text, tag] = parts[..] else { panic!("{token}") };
        let bytes = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).unwrap();
        let der = BASE64_STANDARD.decode(pem.lines().filter(|line| !line.starts_with('-')).collect::<String>());
        let private = PrivateDecryptingKey::from_pkcs8(&der.unwrap()).unwrap();
        let private = OaepPrivateDecryptingKey::new(private).unwrap();
        let mut content_key = vec![0; private.min_output_size()];
        let content_key =
            private.decrypt(&OAEP_SHA256_MGF1SHA256, &bytes(key), &mut content_key, None).unwrap().to_vec();
        let nonce = Nonce::try_assume_unique_for_key(&bytes(nonce)).unwrap();
        let mut sealed = [bytes(text), bytes(tag)].concat();
        let cipher = RandomizedNonceKey::new(&AES_256_GCM, &content_key).unwrap();
        let open = cipher.open_in_place(nonce, Aad::from(header.as_bytes()), &mut sealed).unwrap();
        assert_eq!(open, b"a.b.c");
    }
}
