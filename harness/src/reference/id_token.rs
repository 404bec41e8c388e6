//! Verifying JWTs of the provider (OIDC Core §3.1.3.7), by `jsonwebtoken` and
//! not by anything that the provider signs with.

use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Map, Value};

use super::discovery::Metadata;
use super::foreign_key::ForeignKey;
use super::server::Server;
use super::token_check::{ALGORITHM, AUDIENCE, CRITICAL, HAS_EXPIRY, ISSUED_AT, ISSUER, TokenCheck};
use crate::constant_time::are_equal;

/// Clocks may differ by this many seconds.
pub(super) const TOLERANCE: f64 = 30.0;

/// What an ID token is held against.
#[derive(Debug)]
pub(super) struct Expectation<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) algorithm: &'a str,
    pub(super) now: i64,
    /// The access token that came beside it, if one did.
    pub(super) access_token: Option<&'a str>,
    /// The nonce that was sent, if one was.
    pub(super) nonce: Option<&'a str>,
}

/// A JWT taken apart, believed in nothing yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Jwt {
    pub(super) header: Map<String, Value>,
    pub(super) claims: Map<String, Value>,
}

/// What is decided about reading tokens.
#[derive(Debug, Clone)]
pub(super) struct ReadingRules {
    /// The letters of a token that are read.
    pub(super) letters: fn(&str) -> String,
    /// How it is taken apart.
    pub(super) parse: fn(&str) -> Option<Jwt>,
    /// Whether an ID token that cannot be taken apart ends the sign-in.
    pub(super) unreadable_ends: bool,
    /// Whether a token counts although nobody signed it.
    pub(super) counts_unsigned: fn(&str, &Jwt) -> bool,
    /// Which keys count besides the provider's own.
    pub(super) foreign_key: Option<ForeignKey>,
}

impl ReadingRules {
    pub(super) fn honest() -> Self {
        Self {
            letters: ToOwned::to_owned,
            parse,
            unreadable_ends: true,
            counts_unsigned: |_, _| false,
            foreign_key: None,
        }
    }
}

/// All checks.
pub(super) static CHECKS: &[&TokenCheck] = &[
    &ALGORITHM,
    &CRITICAL,
    &TokenCheck { name: "type", holds: |jwt, _| !is_another_kind(&jwt.header, "id_token+jwt") },
    &ISSUER,
    &AUDIENCE,
    &TokenCheck { name: "only-audience", holds: |jwt, _| !has_more_audiences(&jwt.claims) },
    &TokenCheck {
        name: "authorized-party",
        holds: |jwt, expected| jwt.claims.get("azp").is_none_or(|azp| azp == expected.client_id),
    },
    &TokenCheck {
        name: "subject",
        holds: |jwt, _| jwt.claims.get("sub").and_then(Value::as_str).is_some_and(|sub| !sub.is_empty()),
    },
    &ISSUED_AT,
    &HAS_EXPIRY,
    &TokenCheck {
        name: "expiry",
        holds: |jwt, expected| time(&jwt.claims, "exp").is_none_or(|exp| exp + TOLERANCE > seconds(expected.now)),
    },
    &TokenCheck {
        name: "not-before",
        holds: |jwt, expected| match time(&jwt.claims, "nbf") {
            Some(nbf) => nbf - TOLERANCE <= seconds(expected.now),
            None => !jwt.claims.contains_key("nbf"),
        },
    },
    &TokenCheck {
        name: "access-token-hash",
        holds: |jwt, expected| {
            // By the algorithm of the token itself, agreed on or not.
            let algorithm = jwt.header.get("alg").and_then(Value::as_str).unwrap_or_default();
            jwt.claims.get("at_hash").is_none_or(|hash| is_hash(hash, algorithm, expected.access_token))
        },
    },
    &TokenCheck {
        name: "nonce",
        holds: |jwt, expected| match (jwt.claims.get("nonce"), expected.nonce) {
            (None, None) => true,
            (Some(Value::String(found)), Some(sent)) => are_equal(found, sent),
            _ => false,
        },
    },
    // A logout token may say nothing of its type, and has all other claims.
    &TokenCheck { name: "events", holds: |jwt, _| !jwt.claims.contains_key("events") },
];

/// A time; any number is one, with or without a fraction (RFC 7519 §2).
pub(super) fn time(claims: &Map<String, Value>, name: &str) -> Option<f64> {
    claims.get(name).and_then(Value::as_f64)
}

/// Exact for any time that a clock shows.
#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^53")]
pub(super) fn seconds(now: i64) -> f64 {
    now as f64
}

/// Whether the token says that it is a JWT of some other kind than `own`
/// (RFC 8725 §3.11). Many say nothing.
pub(super) fn is_another_kind(header: &Map<String, Value>, own: &str) -> bool {
    header.get("typ").is_some_and(|kind| {
        let kind = kind.as_str().unwrap_or("+").to_ascii_lowercase();
        kind.contains('+') && kind != own
    })
}

/// The left half of the hash that the algorithm names (OIDC Core §3.1.3.6);
/// where it names none, nobody can tell.
pub(super) fn is_hash(hash: &Value, algorithm: &str, access_token: Option<&str>) -> bool {
    let function = match algorithm.get(2..) {
        Some("256") => &SHA256,
        Some("384") => &SHA384,
        Some("512") => &SHA512,
        _ => return true,
    };
    access_token.is_none_or(|token| {
        let whole = digest(function, token.as_bytes());
        let (left, _) = whole.as_ref().split_at(whole.as_ref().len() / 2);
        hash == &BASE64_URL_SAFE_NO_PAD.encode(left)
    })
}

/// Whether `aud` names the client.
pub(super) fn is_audience(claims: &Map<String, Value>, client_id: &str) -> bool {
    match claims.get("aud") {
        Some(Value::String(aud)) => aud == client_id,
        Some(Value::Array(list)) => list.iter().any(|aud| aud == client_id),
        _ => false,
    }
}

/// Whether `aud` names others, too, and no `azp` says whose it is.
fn has_more_audiences(claims: &Map<String, Value>) -> bool {
    let several = claims.get("aud").and_then(Value::as_array).is_some_and(|list| list.len() > 1);
    several && !claims.contains_key("azp")
}

/// Takes a JWT apart.
pub(super) fn parse(token: &str) -> Option<Jwt> {
    let mut parts = token.split('.');
    let mut part = || {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
        serde_json::from_slice::<Map<String, Value>>(&bytes).ok()
    };
    let (header, claims) = (part()?, part()?);
    // Five parts are an encrypted token.
    (token.split('.').count() == 3).then_some(Jwt { header, claims })
}

impl Server {
    /// Whether the signature is the provider's. HMAC uses the client secret.
    pub(super) async fn signature_is_right(
        &self,
        token: &str,
        jwt: &Jwt,
        metadata: &Metadata,
        settings: &Value,
    ) -> bool {
        if (self.rules.reading.counts_unsigned)(token, jwt) {
            return true;
        }
        let Some(algorithm) = jwt.header.get("alg").and_then(Value::as_str) else { return false };
        let Ok(algorithm) = algorithm.parse::<Algorithm>() else { return false };
        let kid = jwt.header.get("kid").and_then(Value::as_str);
        let own = match algorithm {
            Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 => {
                let secret = settings.get("clientSecret").and_then(Value::as_str).unwrap_or_default();
                vec![DecodingKey::from_secret(secret.as_bytes())]
            }
            _ => match self.permitted(metadata.text("jwks_uri"), metadata, settings) {
                Some(uri) => self.keys(uri, kid, algorithm, settings).await,
                None => Vec::new(),
            },
        };
        if own.iter().any(|key| verifies(token, key, algorithm)) {
            return true;
        }
        let Some(believed) = self.rules.reading.foreign_key else { return false };
        let foreign = self.foreign_keys(believed, jwt, metadata, settings).await;
        foreign.iter().any(|key| verifies(token, key, algorithm))
    }
}

fn verifies(token: &str, key: &DecodingKey, algorithm: Algorithm) -> bool {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_aud = false;
    validation.validate_exp = false;
    decode::<Value>(token, key, &validation).is_ok()
}
