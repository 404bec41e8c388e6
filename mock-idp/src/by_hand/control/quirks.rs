//! `/control/quirks`: quirks and overlays, looked at, or replaced as a whole.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::answer::{ControlError, Json, read};
use crate::by_hand::context::Context;
use crate::issuer::Issuer;
use crate::quirk::Deviations;

pub(super) async fn show(State(context): State<Context>) -> Result<Json, Response> {
    Ok(Json(shown(context.open()?.0)))
}

/// Tables of quirks and overlays.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WantedDeviations {
    quirks: Map<String, Value>,
    overlay: Map<String, Value>,
}

pub(super) async fn replace(State(context): State<Context>, body: Bytes) -> Result<Json, Response> {
    let (issuer, _) = context.open()?;
    let WantedDeviations { quirks, overlay } = read(&body)?;
    let deviations = Deviations::parse(&quirks, &overlay);
    issuer.set_deviations(deviations.map_err(|error| ControlError::new(422, error.to_string()))?);
    Ok(Json(shown(issuer)))
}

fn shown(issuer: &Issuer) -> Value {
    let (quirks, overlay) = issuer.deviations().tables();
    json!({ "quirks": quirks, "overlay": overlay })
}
