//! Which request goes where.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, LOCATION, ORIGIN,
};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{delete, get, post};

use super::{administration, backchannel, configuration, link, oauth, sign_in, sign_out};
use crate::reference::instance::{Instance, Shared};
use crate::reference::reply::Refusal;

/// The one page for people: where a browser comes to sign in and comes back
/// to from the provider. No scenario looks at it.
const LOGIN_PAGE: &str = include_str!("login_page.html");

/// All that the server answers.
pub fn routes(server: Arc<Instance>) -> Router {
    let rules = &server.rules.api;
    let mut router = Router::new()
        .route("/api/server/ping", get(administration::ping))
        .route("/api/server/version", get(administration::version))
        .route("/api/server/features", get(administration::features))
        .route("/api/server/config", get(administration::public_configuration))
        .route("/api/system-config", administration::settings_at("systemConfig"))
        .route("/api/system-config/defaults", administration::default_settings_at("systemConfig"))
        .route("/api/admin/users", get(administration::accounts).post(administration::create_account))
        .route("/api/admin/users/{id}", delete(administration::delete_account))
        .route("/api/admin/users/{id}/restore", post(administration::undelete_account))
        .route("/api/api-keys", post(sign_in::create_api_key))
        .route("/api/api-keys/me", get(administration::api_key))
        .route("/api/users/me", get(sign_in::me).put(sign_in::change_me))
        .route("/api/sessions", get(sign_in::sessions))
        .route("/api/auth/login", post(sign_in::password))
        .route("/api/auth/logout", post(sign_out::logout))
        .route("/api/oauth/authorize", post(oauth::authorize))
        .route("/api/oauth/callback", post(oauth::callback))
        .route("/api/oauth/link", post(link::link))
        .route("/api/oauth/unlink", post(link::unlink))
        .route("/api/oauth/mobile-redirect", get(sign_in::mobile_redirect))
        .route("/auth/login", get(async || Html(LOGIN_PAGE)));
    if rules.backchannel_logout {
        router = router.route("/api/oauth/backchannel-logout", post(backchannel::logout));
    }
    if rules.configurations {
        router = router
            .route("/api/public/config", get(administration::public_settings))
            .route("/api/config", get(administration::settings_for_users))
            .route("/api/admin/config", administration::settings_at("adminConfig"))
            .route("/api/admin/config/defaults", administration::default_settings_at("adminConfig"));
    }
    router
        .fallback(|method: Method, uri: Uri| async move { Refusal(404, format!("Cannot {method} {}", uri.path())) })
        .layer(from_fn_with_state(Arc::clone(&server), configuration::read_anew))
        .layer(from_fn_with_state(Arc::clone(&server), take_turns))
        .with_state(server)
}

/// Has the replica answer whose turn it is, and says of what kind the answer is.
/// While the server is started anew, nothing of it answers.
async fn take_turns(State(server): Shared, request: Request, next: Next) -> Response {
    let origin = request.headers().get(ORIGIN).and_then(server.rules.api.allowed_origin);
    if let Some((route, status)) = server.rules.api.not_there
        && route == format!("{} {}", request.method(), request.uri().path())
    {
        return Refusal(status, format!("Cannot {route}")).into_response();
    }
    let ends_flow = ["/api/oauth/callback", "/api/oauth/link"].contains(&request.uri().path());
    let is_of_logout_token = request.uri().path().ends_with("/backchannel-logout");
    let mut response = server.replicas.answer(next.run(request)).await;
    if server.rules.api.refusal_redirects && ends_flow && response.status().as_u16() >= 400 {
        *response.status_mut() = StatusCode::FOUND;
        let page = HeaderValue::from_static("/auth/login?error=oauth");
        response.headers_mut().entry(LOCATION).or_insert(page);
    }
    if let Some((status, body)) = server.rules.api.refusal.filter(|_| !is_of_logout_token)
        && response.status() == StatusCode::BAD_REQUEST
    {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        response = (status, [(CONTENT_TYPE, "application/json")], body).into_response();
    }
    if let Some(origin) = origin {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    if server.restart.is_under_way(server.now()) {
        let nothing = futures_util::stream::iter([Err::<Vec<u8>, _>(std::io::Error::other("the server has ended"))]);
        let body = if server.rules.api.has_proxy { Body::from("502 Bad Gateway") } else { Body::from_stream(nothing) };
        response = (StatusCode::BAD_GATEWAY, body).into_response();
    }
    if let Some(kind) = server.rules.session.content_type {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    response
}
