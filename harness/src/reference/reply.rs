//! Answers in Immich's form.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// A refusal: status and message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) u16, pub(super) String);

impl Refusal {
    pub(super) fn bad(message: &str) -> Self {
        Self(400, message.to_owned())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(json!({ "message": self.1, "statusCode": self.0 }))).into_response()
    }
}

pub(super) type Reply = Result<Response, Refusal>;

/// A JSON answer.
pub(super) fn json_reply(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    (status, Json(body)).into_response()
}

/// How long a session's cookies stay, in seconds: 400 days.
pub(super) const OF_A_SESSION: u32 = 34_560_000;

/// Adds a cookie that stays for so many seconds.
pub(super) fn set_cookie(response: &mut Response, name: &str, value: &str, seconds: u32, http_only: bool) {
    let hidden = if http_only { "; HttpOnly" } else { "" };
    append(response, &format!("{name}={value}; Max-Age={seconds}; Path=/; SameSite=Lax{hidden}"));
}

/// Takes a cookie back.
pub(super) fn clear_cookie(response: &mut Response, name: &str) {
    append(response, &format!("{name}=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"));
}

fn append(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
