//! JWTs that went over the wire, decoded to be looked at. Nothing is
//! verified: a broken token is what one wants to see.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

#[cfg(feature = "by-hand")]
use crate::journal_entry::Entry;
#[cfg(feature = "by-hand")]
use crate::protocol::Endpoint;

/// A JWT and where it stood.
#[derive(Debug, Clone, PartialEq)]
pub struct DecodedToken {
    /// The member or parameter that it stood in; `body` where it was the
    /// whole answer.
    pub name: String,
    /// The JOSE header (RFC 7515 §4).
    pub header: Map<String, Value>,
    /// The claims; the payload as text where it is no JSON object.
    pub claims: Result<Map<String, Value>, String>,
    /// Whether anything stands where the signature belongs.
    pub is_signed: bool,
}

impl DecodedToken {
    /// All tokens in an exchange, those of the answer first.
    pub fn all_of(parameters: &[(String, String)], response_body: &str) -> Vec<Self> {
        let mut found: Vec<Self> = decode("body", response_body.trim()).into_iter().collect();
        if let Ok(Value::Object(members)) = serde_json::from_str(response_body) {
            let texts = members.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
            found.extend(texts.filter_map(|(name, text)| decode(name, text)));
        }
        found.extend(parameters.iter().filter_map(|(name, value)| decode(name, value)));
        found
    }

    /// All tokens of a journal entry.
    #[cfg(feature = "by-hand")]
    pub(crate) fn of(entry: &Entry) -> Vec<Self> {
        let mut found = Self::all_of(&entry.parameters, &entry.response_body);
        if let (Endpoint::LogoutToken, Some(token)) = (entry.endpoint, found.first_mut()) {
            "logout_token".clone_into(&mut token.name);
        }
        found
    }
}

fn decode(name: &str, text: &str) -> Option<DecodedToken> {
    let mut parts = text.split('.');
    let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).ok();
    let header: Map<String, Value> = serde_json::from_slice(&bytes(header)?).ok()?;
    let payload = bytes(payload)?;
    let claims = serde_json::from_slice(&payload).map_err(|_| String::from_utf8_lossy(&payload).into_owned());
    Some(DecodedToken { name: name.to_owned(), header, claims, is_signed: !signature.is_empty() })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use serde_json::json;

    use super::*;
    use crate::redaction::tests::entry;

    fn jwt(claims: &str) -> String {
        let encode = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.", encode(r#"{"alg":"none"}"#), encode(claims))
    }

    #[test]
    fn tokens_are_found_wherever_they_stand() {
        let mut exchange = entry();
        exchange.parameters.push(("id_token_hint".into(), jwt(r#"{"sub":"a"}"#)));
        exchange.response_body =
            json!({"access_token": "opaque", "id_token": jwt(r#"{"exp":1800000060}"#)}).to_string();
        let found = DecodedToken::of(&exchange);
        assert_eq!(found.iter().map(|token| token.name.as_str()).collect::<Vec<_>>(), ["id_token", "id_token_hint"]);
        assert!(!found[0].is_signed);
    }

    #[test]
    fn broken_ones_are_shown_as_far_as_they_go() {
        let token = decode("x", &jwt("not json")).unwrap();
        assert_eq!(token.claims, Err("not json".to_owned()));
        for text in ["", "a.b.c", "photos.example.org", "1.2.3"] {
            assert_eq!(decode("x", text), None, "{text}");
        }
    }
}
