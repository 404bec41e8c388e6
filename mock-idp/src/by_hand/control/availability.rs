//! `/control/available`: the provider goes down, or comes back.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::answer::{Json, read};
use crate::by_hand::context::Context;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Available {
    available: bool,
}

/// The issuer's own paths only: this API stays.
pub(super) async fn set(State(context): State<Context>, body: Bytes) -> Result<Json, Response> {
    let (issuer, _) = context.open()?;
    let Available { available } = read(&body)?;
    issuer.set_available(available);
    Ok(Json(json!({ "available": available })))
}
