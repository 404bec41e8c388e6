//! JWTs of the provider, taken apart, and what their claims mean (RFC 7519).
//! Whether they are right is for their checks.

use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// Clocks may differ by this many seconds.
pub const TOLERANCE: f64 = 30.0;

/// A JWT taken apart, believed in nothing yet.
#[derive(Debug, Clone, Default)]
pub struct Jwt {
    pub header: Map<String, Value>,
    pub claims: Map<String, Value>,
}

/// Takes a JWT apart.
pub fn parse(token: &str) -> Option<Jwt> {
    let mut parts = token.split('.');
    let mut part = || {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
        serde_json::from_slice::<Map<String, Value>>(&bytes).ok()
    };
    let (header, claims) = (part()?, part()?);
    // Five parts are an encrypted token.
    (token.split('.').count() == 3).then_some(Jwt { header, claims })
}

/// A time; any number is one, with or without a fraction (RFC 7519 §2).
pub fn time(claims: &Map<String, Value>, name: &str) -> Option<f64> {
    claims.get(name).and_then(Value::as_f64)
}

/// Exact for any time that a clock shows.
#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^53")]
pub fn seconds(now: i64) -> f64 {
    now as f64
}

/// Whether the token says that it is a JWT of some other kind than `own`
/// (RFC 8725 §3.11). Many say nothing.
pub fn is_another_kind(header: &Map<String, Value>, own: &str) -> bool {
    header.get("typ").is_some_and(|kind| {
        let kind = kind.as_str().unwrap_or("+").to_ascii_lowercase();
        kind.contains('+') && kind != own
    })
}

/// The left half of the hash that the algorithm names (OIDC Core §3.1.3.6);
/// `None` if the algorithm names no hash.
pub fn is_hash(hash: &Value, algorithm: &str, access_token: Option<&str>) -> bool {
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
pub fn is_audience(claims: &Map<String, Value>, client_id: &str) -> bool {
    match claims.get("aud") {
        Some(Value::String(aud)) => aud == client_id,
        Some(Value::Array(list)) => list.iter().any(|aud| aud == client_id),
        _ => false,
    }
}
