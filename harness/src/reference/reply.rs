//! Answers in Immich's form.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// A refusal: status and message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(pub u16, pub String);

impl Refusal {
    /// Of a request that is wrong.
    pub fn bad(message: &str) -> Self {
        Self(400, message.to_owned())
    }

    /// Of a callback. The server keeps the reason to itself.
    pub fn failed() -> Self {
        Self(500, "Failed to finish oauth".into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(json!({ "message": self.1, "statusCode": self.0 }))).into_response()
    }
}

/// What a route answers.
pub type Reply = Result<Response, Refusal>;

/// A JSON answer.
pub fn json_reply(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    (status, Json(body)).into_response()
}
