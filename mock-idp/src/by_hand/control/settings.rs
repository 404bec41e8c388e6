//! `/control/settings`: the provider's honest variation, looked at, or replaced
//! as a whole.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use super::answer::{ControlError, Json, read};
use crate::by_hand::context::Context;

pub(super) async fn show(State(context): State<Context>) -> Result<Json, Response> {
    Ok(Json(json!(context.open()?.0.settings())))
}

/// What is not named has its default.
pub(super) async fn replace(State(context): State<Context>, body: Bytes) -> Result<Json, Response> {
    let (issuer, _) = context.open()?;
    let changed = issuer.set_settings(read(&body)?);
    changed.map_err(|error| ControlError::new(422, error.to_string()))?;
    Ok(Json(json!(issuer.settings())))
}
