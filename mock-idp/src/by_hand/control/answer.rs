//! JSON in, JSON out, and refusals that say what is wrong.

use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A JSON answer.
#[derive(Debug)]
pub(super) struct Json(pub(super) Value);

impl IntoResponse for Json {
    fn into_response(self) -> Response {
        let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
        (headers, format!("{:#}\n", self.0)).into_response()
    }
}

/// `{"error": "…"}` with a status.
#[derive(Debug)]
pub(super) struct ControlError {
    status: u16,
    text: String,
}

impl ControlError {
    pub(super) fn new(status: u16, text: impl Into<String>) -> Self {
        Self { status, text: text.into() }
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(json!({ "error": self.text }))).into_response()
    }
}

impl From<ControlError> for Response {
    fn from(error: ControlError) -> Self {
        error.into_response()
    }
}

/// Reads a body as JSON, whatever its content type says.
pub(super) fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, ControlError> {
    serde_json::from_slice(body)
        .map_err(|error| ControlError::new(400, format!("the request body is not valid: {error}")))
}
