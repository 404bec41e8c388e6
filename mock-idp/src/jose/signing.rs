//! How [`super::sign`] signs and writes a JWT, correctly or wrongly.

use serde_json::{Map, Value};

use crate::protocol::Algorithm;

/// How a JWT is signed.
#[derive(Debug, Clone, PartialEq)]
pub struct Jose {
    /// The header, as it will stand there.
    pub header: Map<String, Value>,
    /// The algorithm that is really used.
    pub algorithm: Algorithm,
    /// What becomes of the signature.
    pub seal: Seal,
    /// The key of an HMAC where it is not the client secret.
    pub secret: Option<Vec<u8>>,
    /// How the parts are written.
    pub form: Form,
    /// Members that are written before the others even where one of the same
    /// name follows: each a name and a value, as JSON text.
    pub ahead: Vec<String>,
    /// The same, written after the others.
    pub behind: Vec<String>,
    /// Signed instead of all members, byte for byte.
    pub payload: Option<String>,
}

/// What becomes of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seal {
    /// As it should be.
    Intact,
    /// Changed after signing.
    Tampered,
    /// Made with a key that is not in the JWKS.
    Stranger,
    /// Made with the key that left the JWKS at the last rotation.
    Former,
    /// Left out.
    Absent,
}

/// How the parts of a JWT are written (RFC 7515 §7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// Three parts in base64url.
    #[default]
    Compact,
    /// With `=` at the end of a part where base64 would have it.
    Padded,
    /// With `+` and `/` where base64 would have them.
    StandardAlphabet,
    /// With a line break here and there.
    Broken,
    /// As a JSON object (RFC 7515 §7.2.2).
    Json,
    /// Without the part that holds the signature.
    TwoParts,
    /// With one part too many.
    FourParts,
    /// Encrypted, to a key that the client does not have (RFC 7516 §7.1).
    Encrypted,
}

impl Jose {
    /// Of a message that is not signed.
    pub(crate) fn none() -> Self {
        Self {
            header: Map::new(),
            algorithm: Algorithm::Rs256,
            seal: Seal::Intact,
            secret: None,
            form: Form::Compact,
            ahead: Vec::new(),
            behind: Vec::new(),
            payload: None,
        }
    }

    /// An honest header.
    pub fn honest(algorithm: Algorithm, kid: Option<&str>) -> Self {
        let mut header = Map::new();
        header.insert("alg".into(), algorithm.name().into());
        header.insert("typ".into(), "JWT".into());
        if let Some(kid) = kid {
            header.insert("kid".into(), kid.into());
        }
        Self { header, algorithm, ..Self::none() }
    }
}
