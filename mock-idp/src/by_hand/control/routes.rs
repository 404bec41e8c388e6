//! What can be called, by whom, and what is answered to all other calls. What a
//! call does is for the files beside this one.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;

use super::answer::{ControlError, Json};
use super::{availability, client, clock, end_users, journal, key_rotation, logout_token, quirks, settings};
use crate::by_hand::context::Context;
use crate::person::access;

/// The list of calls, for the answer to an unknown one.
const CALLS: &str =
    "GET or PUT users, client, quirks, settings; POST clock, rotate-keys, available, logout-token; GET journal";

pub(in crate::by_hand) fn routes(context: &Context) -> Router<Context> {
    let guarded = Router::new()
        .route("/control/users", get(end_users::show).put(end_users::replace))
        .route("/control/client", get(client::show).put(client::replace))
        .route("/control/quirks", get(quirks::show).put(quirks::replace))
        .route("/control/settings", get(settings::show).put(settings::replace))
        .route("/control/clock", post(clock::advance))
        .route("/control/rotate-keys", post(key_rotation::rotate))
        .route("/control/available", post(availability::set))
        .route("/control/logout-token", post(logout_token::make))
        .route("/control/journal", get(journal::read))
        .route("/control/{*rest}", get(unknown).fallback(unknown))
        .route("/control/", get(unknown).fallback(unknown))
        .route("/control", get(unknown).fallback(unknown))
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(context.clone(), guard));
    Router::new().route("/health", get(health)).merge(guarded)
}

async fn guard(State(context): State<Context>, request: Request, next: Next) -> Response {
    if access::has_secret(request.headers(), &context.secret, false) {
        return next.run(request).await;
    }
    let error = ControlError::new(
        401,
        "the control secret is missing or wrong: send it as `authorization: Bearer …`; the provider printed it when it \
         started",
    );
    ([("www-authenticate", "Bearer realm=\"mock-idp control\"")], error).into_response()
}

async fn unknown() -> ControlError {
    ControlError::new(404, format!("unknown call; the calls below /control/ are: {CALLS}"))
}

async fn wrong_method() -> ControlError {
    ControlError::new(405, format!("this call needs another method; the calls below /control/ are: {CALLS}"))
}

async fn health(State(context): State<Context>) -> Result<Json, Response> {
    let (issuer, _) = context.open()?;
    Ok(Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION"), "issuer": issuer.url() })))
}
