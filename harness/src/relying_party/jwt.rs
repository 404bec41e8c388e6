//! Reading JWTs of the provider (RFC 7519). Nothing in them is verified here.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// A JWT, read and not verified.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Jwt {
    /// The JOSE header.
    pub header: Map<String, Value>,
    /// The claims.
    pub claims: Map<String, Value>,
}

/// Why a text is no JWT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableJwt {
    /// It has five parts.
    #[error("it is encrypted")]
    Encrypted,
    /// It has another number of parts than three.
    #[error("it has {0} parts instead of 3")]
    Parts(usize),
    /// The first part is no JSON object in base64url.
    #[error("its header is no JSON object in base64url")]
    Header,
    /// The second part is no JSON object in base64url.
    #[error("its claims are no JSON object in base64url")]
    Claims,
}

impl Jwt {
    /// Reads header and claims.
    pub fn read(token: &str) -> Result<Self, UnreadableJwt> {
        let parts: Vec<&str> = token.split('.').collect();
        match *parts.as_slice() {
            [header, claims, _] => Ok(Self {
                header: object(header).ok_or(UnreadableJwt::Header)?,
                claims: object(claims).ok_or(UnreadableJwt::Claims)?,
            }),
            [_, _, _, _, _] => Err(UnreadableJwt::Encrypted),
            _ => Err(UnreadableJwt::Parts(parts.len())),
        }
    }

    /// Returns a header parameter that is a text.
    pub fn header_text(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case("eyJhIjoxfQ.eyJiIjoyfQ.", Ok(()))]
    #[case("eyJhIjoxfQ.eyJiIjoyfQ.a.b.c", Err(UnreadableJwt::Encrypted))]
    #[case("eyJhIjoxfQ", Err(UnreadableJwt::Parts(1)))]
    #[case("eyJhIjoxfQ==.eyJiIjoyfQ.", Err(UnreadableJwt::Header))]
    #[case("eyJhIjoxfQ.W10.", Err(UnreadableJwt::Claims))]
    fn a_text_is_a_jwt_or_not(#[case] token: &str, #[case] expected: Result<(), UnreadableJwt>) {
        let found =
            Jwt::read(token).map(|jwt| assert_eq!(json!([jwt.header, jwt.claims]), json!([{"a": 1}, {"b": 2}])));
        assert_eq!(found, expected);
    }
}
