//! Checks and rules with a mistake in them, as people make them. Defects put
//! them in the place of the right ones; without a defect nothing here is used.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use crate::reference::rules::{ALGORITHM, TokenCheck};
use crate::relying_party::{Answer, Comparison, HashMatch, Jwt, MemberType, Moment};

/// What is forbidden is looked for, instead of what is allowed.
pub static ALGORITHM_OR_ODD_NONE: TokenCheck = TokenCheck {
    name: "algorithm",
    holds: |token| {
        let is_odd_none = |name: &str| name != "none" && name.eq_ignore_ascii_case("none");
        (ALGORITHM.holds)(token) || token.jwt.header_text("alg").is_some_and(is_odd_none)
    },
};

pub static USUAL_ALGORITHM: TokenCheck = TokenCheck {
    name: "usual-algorithm",
    holds: |token| token.jwt.header_text("alg").is_some_and(|name| ["RS256", "ES256", "HS256"].contains(&name)),
};

pub static KEY_ID_REQUIRED: TokenCheck = TokenCheck {
    name: "key-id",
    holds: |token| token.jwt.header.contains_key("kid") || token.expected.algorithm.starts_with("HS"),
};

pub static KNOWN_HEADER_ONLY: TokenCheck = TokenCheck {
    name: "header",
    holds: |token| token.jwt.header.keys().all(|name| ["alg", "kid", "typ"].contains(&name.as_str())),
};

pub static ACCESS_TOKEN_HASH_WHOLE: TokenCheck = TokenCheck {
    name: "access-token-hash",
    holds: |token| {
        let whole = digest(&SHA256, token.expected.access_token.unwrap_or_default().as_bytes());
        token.claim_text("at_hash").is_none_or(|hash| hash == BASE64_URL_SAFE_NO_PAD.encode(whole))
    },
};

pub static ACCESS_TOKEN_HASH_BY_SHA256: TokenCheck = TokenCheck {
    name: "access-token-hash",
    holds: |token| HashMatch::of(token.claim("at_hash"), "RS256", token.expected.access_token) != HashMatch::Differs,
};

/// Plain base64 is taken for base64url, and what is neither is skipped.
pub fn any_letters(token: &str) -> String {
    let letter = |letter: char| match letter {
        '+' => Some('-'),
        '/' => Some('_'),
        '=' | '\n' | '\r' | ' ' => None,
        other => Some(other),
    };
    token.chars().filter_map(letter).collect()
}

pub static ISSUER_WITHOUT_SLASH: TokenCheck = TokenCheck {
    name: "issuer",
    holds: |token| {
        let issuer = token.claim_text("iss").unwrap_or_default();
        issuer.trim_end_matches('/') == token.expected.issuer.trim_end_matches('/')
    },
};

pub static ISSUER_BY_ITS_BEGINNING: TokenCheck = TokenCheck {
    name: "issuer",
    holds: |token| token.claim_text("iss").is_some_and(|issuer| issuer.starts_with(token.expected.issuer)),
};

/// A list of one text is taken for the text, as `==` of JavaScript does it.
pub static ISSUER_COERCED: TokenCheck = TokenCheck {
    name: "issuer",
    holds: |token| match token.claim("iss") {
        Some(Value::Array(list)) if list.len() == 1 => list[0] == token.expected.issuer,
        _ => token.issuer == Comparison::AsExpected,
    },
};

pub static AUDIENCE_CONTAINED: TokenCheck = TokenCheck {
    name: "audience",
    holds: |token| {
        token.audience.names_client
            || token.claim_text("aud").is_some_and(|text| text.contains(token.expected.client_id))
    },
};

pub static AUDIENCE_IN_ANY_CASE: TokenCheck = TokenCheck {
    name: "audience",
    holds: |token| {
        token.audience.names_client
            || token.claim_text("aud").is_some_and(|text| text.eq_ignore_ascii_case(token.expected.client_id))
    },
};

pub static AUDIENCE_ONLY_TEXT: TokenCheck = TokenCheck {
    name: "audience",
    holds: |token| token.audience.names_client && token.audience.member == MemberType::Text,
};

pub static AUDIENCE_ONLY_OF_TEXTS: TokenCheck = TokenCheck {
    name: "audience",
    holds: |token| match token.audience.member {
        MemberType::EmptyText | MemberType::Text | MemberType::List => token.audience.names_client,
        member => member != MemberType::Absent,
    },
};

pub static AUDIENCE_OF_NOBODY: TokenCheck = TokenCheck {
    name: "audience",
    holds: |token| {
        let is_empty = token.audience.member == MemberType::List && token.audience.count == 0;
        is_empty || token.audience.names_client
    },
};

/// What is no text is made one.
pub static SUBJECT_OF_ANY_TYPE: TokenCheck = TokenCheck {
    name: "subject",
    holds: |token| !matches!(token.subject, MemberType::Absent | MemberType::Null | MemberType::EmptyText),
};

pub static NONCE_UNLESS_EMPTY: TokenCheck = TokenCheck {
    name: "nonce",
    holds: |token| {
        let empty = [Value::Null, Value::from(""), Value::from(0)];
        token.claim("nonce").is_none_or(|nonce| empty.contains(nonce))
    },
};

pub static ISSUED_AT_OF_ANY_TYPE: TokenCheck =
    TokenCheck { name: "issued-at", holds: |token| token.issued_at != Moment::Absent };

pub static NOT_BEFORE_IF_A_NUMBER: TokenCheck = TokenCheck {
    name: "not-before",
    holds: |token| !matches!(token.not_before, Moment::Away(seconds) if seconds > 0.0),
};

/// After 2038 it starts anew.
pub static EXPIRY_IN_32_BITS: TokenCheck = TokenCheck {
    name: "expiry",
    holds: |token| {
        let exp = token.claim("exp").and_then(Value::as_i64).unwrap_or(i64::from(i32::MAX));
        exp <= i64::from(i32::MAX) && exp > token.expected.now
    },
};

pub static EXPIRY_IN_WHOLE_SECONDS: TokenCheck =
    TokenCheck { name: "has-expiry", holds: |token| token.claim("exp").is_some_and(Value::is_i64) };

pub static LOGOUT_TYPE_REQUIRED: TokenCheck =
    TokenCheck { name: "type-required", holds: |token| token.jwt.header_text("typ") == Some("logout+jwt") };

pub static LOGOUT_RS256_ONLY: TokenCheck =
    TokenCheck { name: "algorithm", holds: |token| token.jwt.header_text("alg") == Some("RS256") };

pub static LOGOUT_EVENT_CONTAINED: TokenCheck = TokenCheck {
    name: "events",
    holds: |token| token.claim("events").is_some_and(|events| events.to_string().contains("backchannel-logout")),
};

/// The subject whatever it is, as text.
pub fn subject_as_text(claims: &Map<String, Value>) -> Option<String> {
    let sub = claims.get("sub").filter(|sub| !sub.is_null())?;
    Some(sub.as_str().map_or_else(|| sub.to_string(), ToOwned::to_owned))
}

/// Claims in which the first of several with one name counts.
struct FirstOfEach(Map<String, Value>);

impl<'de> Deserialize<'de> for FirstOfEach {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = FirstOfEach;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<FirstOfEach, A::Error> {
                let mut map = Map::new();
                while let Some((name, value)) = members.next_entry::<String, Value>()? {
                    map.entry(name).or_insert(value);
                }
                Ok(FirstOfEach(map))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

pub fn role_in_any_case(claim: Option<&Value>) -> Option<bool> {
    claim.and_then(Value::as_str).unwrap_or_default().eq_ignore_ascii_case("admin").then_some(true)
}

/// To have no password is not to have an empty one.
pub fn no_password(own: Option<&str>, given: &str) -> bool {
    own.unwrap_or_default() == given
}

/// Reads claims anew; the first of several members of one name counts.
pub fn first_of_each(token: &str, jwt: Jwt) -> Option<Jwt> {
    let claims = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let FirstOfEach(claims) = serde_json::from_slice(&claims).ok()?;
    Some(Jwt { claims, ..jwt })
}

/// Reads plain claims anew, in the same way.
pub fn first_of_each_member(answer: &Answer, claims: Map<String, Value>) -> Map<String, Value> {
    serde_json::from_slice(&answer.body).map_or(claims, |FirstOfEach(claims)| claims)
}

/// Reads a JWT unless it is deeper than people think it can be.
pub fn shallow(_: &str, jwt: Jwt) -> Option<Jwt> {
    fn depth(value: &Value) -> usize {
        match value {
            Value::Array(list) => 1 + list.iter().map(depth).max().unwrap_or_default(),
            Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or_default(),
            _ => 0,
        }
    }
    Some(jwt).filter(|jwt| jwt.claims.values().all(|claim| depth(claim) <= 10))
}

/// An email as some providers deliver it.
pub fn without_tag(email: &str) -> String {
    let (user, host) = email.split_once('@').unwrap_or((email, ""));
    format!("{}@{host}", user.split('+').next().unwrap_or_default())
}

/// Claims of the header, which may repeat some (RFC 7519 §5.3), replace those of
/// the payload.
pub fn with_claims_of_header(mut jwt: Jwt) -> Jwt {
    for name in ["iss", "sub", "aud"] {
        if let Some(value) = jwt.header.get(name) {
            jwt.claims.insert(name.to_owned(), value.clone());
        }
    }
    jwt
}

pub static NONCE_IF_PRESENT: TokenCheck = TokenCheck { name: "nonce", holds: |token| token.nonce.fits_if_present() };
