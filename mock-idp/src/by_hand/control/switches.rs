//! What happens to the provider in the middle of things: its clock moves, its
//! keys rotate, it goes down and comes back.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{ControlError, Json, read};
use crate::by_hand::context::Context;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    /// Seconds, back if negative.
    advance: i64,
}

/// Seconds since 1970 to which others can add a lifetime, and which calendars
/// know.
const TIMES: std::ops::RangeInclusive<i64> = 0..=253_402_300_799;

pub(super) async fn clock(State(context): State<Context>, body: Bytes) -> Result<Json, Response> {
    let ClockChange { advance } = read(&body)?;
    if !TIMES.contains(&context.clock.now().saturating_add(advance)) {
        return Err(ControlError::new(422, "the provider's time stays between the years 1970 and 9999").into());
    }
    context.clock.advance(advance);
    Ok(Json(json!({ "now": context.clock.now() })))
}

/// The new keys sign from the next token on; the old ones leave the JWKS.
pub(super) async fn rotate_keys(State(context): State<Context>) -> Result<Json, Response> {
    let (issuer, _) = context.open()?;
    issuer.rotate_keys();
    let publication = issuer.state.publication();
    let keys = issuer.state.keys(&publication).map_err(|error| ControlError::new(500, error.to_string()))?;
    let kids: Vec<&Value> = keys.members()["keys"].as_array().into_iter().flatten().map(|key| &key["kid"]).collect();
    Ok(Json(json!({ "kids": kids })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Available {
    available: bool,
}

/// The issuer's own paths only: this API stays.
pub(super) async fn available(State(context): State<Context>, body: Bytes) -> Result<Json, Response> {
    let (issuer, _) = context.open()?;
    let Available { available } = read(&body)?;
    issuer.set_available(available);
    Ok(Json(json!({ "available": available })))
}
