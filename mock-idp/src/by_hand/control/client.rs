//! `/control/client`: the client that the provider knows, looked at, or
//! replaced.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::answer::{ControlError, Json, read};
use crate::by_hand::context::Context;
use crate::by_hand::error::ServeError;
use crate::issuer::Issuer;
use crate::protocol::Client;

/// A client, in the words of RFC 7591 §2 and §3.2.1.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct ClientMetadata {
    client_id: String,
    /// Empty or absent for a public client.
    #[serde(default)]
    client_secret: String,
    #[serde(default)]
    redirect_uris: Vec<String>,
}

pub(super) async fn show(State(context): State<Context>) -> Result<Json, Response> {
    Ok(Json(shown(context.open()?.0)))
}

/// The client as it is known from the next request on.
pub(super) async fn replace(State(context): State<Context>, body: Bytes) -> Result<Json, Response> {
    let (issuer, interactive) = context.open()?;
    let ClientMetadata { client_id: id, client_secret, redirect_uris } = read(&body)?;
    if interactive.is_exposed && redirect_uris.is_empty() {
        return Err(ControlError::new(422, ServeError::RedirectUris.to_string()).into());
    }
    let secret = Some(client_secret).filter(|secret| !secret.is_empty());
    let changed = issuer.set_client(Client { id, secret, redirect_uris, keys: Vec::new() });
    changed.map_err(|error| ControlError::new(422, error.to_string()))?;
    Ok(Json(shown(issuer)))
}

fn shown(issuer: &Issuer) -> serde_json::Value {
    let Client { id, secret, redirect_uris, .. } = issuer.state.publication().client.clone();
    json!(ClientMetadata { client_id: id, client_secret: secret.unwrap_or_default(), redirect_uris })
}
