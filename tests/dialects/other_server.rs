//! A server with another contract than Immich's: the reference server, with a
//! layer in front that has its own routes, statuses, settings and bodies. It
//! shares no code with the harness, and refuses Immich's own ways.

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use url::form_urlencoded;

/// The layer's routes, and Immich's; a star stands for an id.
const ROUTES: &[(&str, &str)] = &[
    ("POST /api/sign-in/begin", "POST /api/oauth/authorize"),
    ("POST /api/sign-in/finish", "POST /api/oauth/callback"),
    ("PUT /api/sign-in/link", "POST /api/oauth/link"),
    ("GET /api/configuration", "GET /api/admin/config"),
    ("PUT /api/configuration", "PUT /api/admin/config"),
    ("GET /api/configuration/of-a-fresh-server", "GET /api/admin/config/defaults"),
    ("GET /api/settings", "GET /api/system-config"),
    ("PUT /api/settings", "PUT /api/system-config"),
    ("GET /api/settings/of-a-fresh-server", "GET /api/system-config/defaults"),
    ("GET /api/accounts", "GET /api/admin/users"),
    ("POST /api/accounts", "POST /api/admin/users"),
    ("POST /api/accounts/*/remove", "DELETE /api/admin/users/*"),
    ("POST /api/accounts/*/bring-back", "POST /api/admin/users/*/restore"),
];

/// The section of sign-in and its settings, here and at Immich.
const SECTION: (&str, &str) = ("signIn", "oauth");
const SETTINGS: &[(&str, &str)] = &[
    ("issuer", "issuerUrl"),
    ("client", "clientId"),
    ("secret", "clientSecret"),
    ("createsAccounts", "autoRegister"),
    ("on", "enabled"),
];

/// Begins and finishes a sign-in.
const SIGN_IN: &[&str] = &["/api/sign-in/begin", "/api/sign-in/finish"];

/// Finishes a sign-in or a link.
const CALLBACK: &[&str] = &["/api/sign-in/finish", "/api/sign-in/link"];

#[derive(Clone)]
struct Layer {
    client: reqwest::Client,
    behind: String,
}

/// Starts the layer in front of the server at `behind`. Returns its address.
pub async fn start(client: reqwest::Client, behind: &str) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let layer = Layer { client, behind: behind.to_owned() };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(serve).with_state(layer)).await });
    url
}

async fn serve(State(layer): State<Layer>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let path = head.uri.path().to_owned();
    let Some((method, immich)) = place(&head.method, &path) else {
        return error(StatusCode::NOT_FOUND, json!({ "message": format!("There is no {path}") }));
    };
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let body = match serde_json::from_slice(&body) {
        Ok(Value::Object(members)) if CALLBACK.contains(&path.as_str()) => Bytes::from(callback(members).to_string()),
        Ok(document @ Value::Object(_)) if is_about_settings(&path) => {
            Bytes::from(renamed(document, false).to_string())
        }
        _ => body,
    };
    let answer = layer.ask(method, &immich, &head.uri, head.headers, body).await;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = answer.bytes().await.unwrap();
    let is_json = serde_json::from_slice::<Value>(&body).ok().filter(Value::is_object);
    let mut response = match is_json {
        Some(body) if status.as_u16() >= 400 => error(status, body),
        Some(body) if is_about_settings(&path) => (status, renamed(body, true).to_string()).into_response(),
        _ => (status, body).into_response(),
    };
    if SIGN_IN.contains(&path.as_str()) && status == StatusCode::CREATED {
        *response.status_mut() = StatusCode::OK;
    }
    response.headers_mut().clear();
    for (name, value) in
        headers.iter().filter(|(name, _)| !["content-length", "transfer-encoding"].contains(&name.as_str()))
    {
        response.headers_mut().append(name, value.clone());
    }
    response
}

impl Layer {
    async fn ask(
        &self,
        method: Method,
        path: &str,
        uri: &Uri,
        mut headers: HeaderMap,
        body: Bytes,
    ) -> reqwest::Response {
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        headers.remove("content-length");
        let request = self.client.request(method, format!("{}{path}{query}", self.behind)).headers(headers);
        request.body(body).send().await.unwrap()
    }
}

/// Method and path at Immich; none for what Immich alone has.
fn place(method: &Method, path: &str) -> Option<(Method, String)> {
    let fits = |route: &str| id_in(route.split_once(' ')?.1, path);
    let mut own = ROUTES.iter().filter_map(|(own, immich)| Some((own, immich.split_once(' ')?, fits(own)?))).peekable();
    if own.peek().is_none() {
        let is_immichs = ROUTES.iter().any(|(_, immich)| fits(immich).is_some());
        return (!is_immichs).then(|| (method.clone(), path.to_owned()));
    }
    let mut other = None;
    for (own, (its_method, its_path), id) in own {
        let its_path = its_path.replace('*', id);
        if own.starts_with(&format!("{method} ")) {
            return Some((its_method.parse().ok()?, its_path));
        }
        other = Some(its_path);
    }
    Some((method.clone(), other?))
}

/// The id in a path, empty if the pattern has none.
fn id_in<'a>(pattern: &str, path: &'a str) -> Option<&'a str> {
    let Some((before, after)) = pattern.split_once('*') else { return (pattern == path).then_some("") };
    path.strip_prefix(before)?.strip_suffix(after).filter(|id| !id.is_empty() && !id.contains('/'))
}

/// Immich's body of a callback.
fn callback(mut own: Map<String, Value>) -> Value {
    let mut body = Map::new();
    for (name, immich) in [("began", "state"), ("codeVerifier", "codeVerifier")] {
        body.extend(own.remove(name).map(|value| (immich.to_owned(), value)));
    }
    if let Some(back) = own.remove("cameBackTo").as_ref().and_then(Value::as_str) {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &own {
            let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
            for value in values {
                query.append_pair(name, value.as_str().unwrap_or_default());
            }
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        body.insert("url".to_owned(), format!("{back}{mark}{query}").into());
    }
    body.into()
}

fn is_about_settings(path: &str) -> bool {
    path.starts_with("/api/configuration") || path.starts_with("/api/settings")
}

/// Settings by the names of this server, or by Immich's.
fn renamed(mut document: Value, is_for_outside: bool) -> Value {
    let pick = |(own, immich): (&'static str, &'static str)| if is_for_outside { (immich, own) } else { (own, immich) };
    let Some(members) = document.as_object_mut() else { return document };
    let (from, to) = pick(SECTION);
    if let Some(Value::Object(section)) = members.remove(from) {
        let name = |name: String| {
            let known = SETTINGS.iter().map(|names| pick(*names)).find(|(from, _)| *from == name);
            known.map_or(name, |(_, to)| to.to_owned())
        };
        let section: Map<String, Value> = section.into_iter().map(|(key, value)| (name(key), value)).collect();
        members.insert(to.to_owned(), section.into());
    }
    document
}

/// An error as this server tells it.
fn error(status: StatusCode, mut body: Value) -> Response {
    if let Some(members) = body.as_object_mut() {
        let message = members.remove("message").unwrap_or_default();
        members.insert("error".to_owned(), json!({ "detail": message }));
    }
    (status, [("content-type", "application/json")], Body::from(body.to_string())).into_response()
}
