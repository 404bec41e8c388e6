//! `/control/clock`: the provider's time moves.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

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

pub(super) async fn advance(State(context): State<Context>, body: Bytes) -> Result<Json, Response> {
    let ClockChange { advance } = read(&body)?;
    if !TIMES.contains(&context.clock.now().saturating_add(advance)) {
        return Err(ControlError::new(422, "the provider's clock must stay between the years 1970 and 9999").into());
    }
    context.clock.advance(advance);
    Ok(Json(json!({ "now": context.clock.now() })))
}
