//! `/control/rotate-keys`: the provider takes its next signing keys.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::answer::{ControlError, Json};
use crate::by_hand::context::Context;

/// The new keys sign from the next token on; the old ones leave the JWKS.
pub(super) async fn rotate(State(context): State<Context>) -> Result<Json, Response> {
    let (issuer, _) = context.open()?;
    issuer.rotate_keys();
    let publication = issuer.state.publication();
    let keys = issuer.state.keys(&publication).map_err(|error| ControlError::new(500, error.to_string()))?;
    let kids: Vec<&Value> = keys.members()["keys"].as_array().into_iter().flatten().map(|key| &key["kid"]).collect();
    Ok(Json(json!({ "kids": kids })))
}
