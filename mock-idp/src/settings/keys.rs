//! What the key set looks like (RFC 7517).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// Which keys the JWKS has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PublishedKeys {
    /// One key of each type, even if the provider does not sign with it.
    #[default]
    All,
    /// Only the keys with which the provider signs; no key if it signs with HMAC.
    Signing,
}

/// A member of a JWK that not every provider has (RFC 7517 §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum JwkMember {
    /// The use of the key.
    #[serde(rename = "use")]
    Use,
    /// The algorithm of the key.
    #[serde(rename = "alg")]
    Alg,
    /// A self-signed certificate of the key.
    #[serde(rename = "x5c")]
    X5c,
    /// The SHA-1 thumbprint of the certificate.
    #[serde(rename = "x5t")]
    X5t,
    /// The SHA-256 thumbprint of the certificate.
    #[serde(rename = "x5t#S256")]
    X5tS256,
}

impl JwkMember {
    /// Whether it is made from a certificate.
    pub(crate) fn needs_certificate(self) -> bool {
        matches!(self, Self::X5c | Self::X5t | Self::X5tS256)
    }
}

/// What key IDs look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct KeyIds {
    /// The characters of key IDs.
    pub alphabet: Alphabet,
    /// The length of key IDs: at most 32 characters if decimal or alphanumeric,
    /// 43 if base64url, 64 if hexadecimal.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 64)))]
    pub length: u8,
}

/// The characters of key IDs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Alphabet {
    /// Letters, digits, `-` and `_`.
    #[default]
    Base64url,
    /// Digits and the letters a to f.
    Hex,
    /// Digits.
    Decimal,
    /// Letters and digits.
    Alphanumeric,
}

impl Default for KeyIds {
    fn default() -> Self {
        Self { alphabet: Alphabet::Base64url, length: 12 }
    }
}

impl Alphabet {
    /// How many characters the 32 bytes of a fingerprint make.
    pub(crate) const fn most(self) -> u8 {
        match self {
            Self::Base64url => 43,
            Self::Hex => 64,
            Self::Decimal | Self::Alphanumeric => 32,
        }
    }
}

impl KeyIds {
    /// The id of a key: its fingerprint in the characters that are wanted.
    pub(crate) fn id(self, fingerprint: &[u8; 32]) -> String {
        const ALPHANUMERIC: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let text = match self.alphabet {
            Alphabet::Base64url => BASE64_URL_SAFE_NO_PAD.encode(fingerprint),
            Alphabet::Hex => fingerprint.iter().map(|byte| format!("{byte:02x}")).collect(),
            // No zero in front: some take the id for a number.
            Alphabet::Decimal => {
                fingerprint.iter().enumerate().map(|(n, byte)| char::from(b'1' - u8::from(n > 0) + byte % 9)).collect()
            }
            Alphabet::Alphanumeric => {
                fingerprint.iter().map(|byte| char::from(ALPHANUMERIC[usize::from(byte % 62)])).collect()
            }
        };
        text.chars().take(usize::from(self.length)).collect()
    }
}
