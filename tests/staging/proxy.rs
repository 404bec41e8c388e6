//! Stands between a run and its server, counts requests, and makes trouble at
//! a chosen one.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::form_urlencoded;

/// What happens, and at which request, counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    None,
    /// The run is killed when its request has come; the server never sees it.
    KillBefore(usize),
    /// The run is killed when its request was answered; it never sees that.
    KillAfter(usize),
    /// The answer to this request never comes.
    Lost(usize),
    /// From there on, the server answers with this status.
    Status(usize, u16),
    /// From there on, connections break.
    Gone(usize),
    /// From there on, the port refuses connections.
    Refused(usize),
    /// One kind of request is answered here.
    Instead(Instead),
    /// A web page stands in the place of the answers to this, `GET /path`.
    Page(&'static str),
    /// From there on, no answer comes.
    Hang(usize),
    /// The connection of this request breaks before the server sees it.
    Dropped(usize),
    /// From this change of settings on, the server agrees and changes nothing.
    Forgets(usize),
    /// Every second deletion of an account fails.
    SomeDeletions,
    /// Accounts cannot be deleted at all.
    NoDeletions,
    /// The settings hide the client secret.
    HiddenSecret,
    /// The server has a further OAuth setting of this name.
    FurtherSetting(&'static str),
    /// The server takes no settings with this name among them.
    RefusedSetting(&'static str),
    /// Every sign-in gets a session of the account with this email and
    /// password.
    Impersonates(&'static str, &'static str),
    /// Every such request, `POST /path`, fails with all that was asked, in
    /// every encoding.
    Echo(&'static str),
}

/// An answer in the place of the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instead {
    /// To what, as `GET /path`.
    pub what: &'static str,
    /// From which request of that kind on, counted from one.
    pub from: usize,
    /// Its status.
    pub status: u16,
    /// Its body, which is called JSON.
    pub body: &'static str,
}

/// A proxy.
#[derive(Debug)]
pub struct Proxy {
    upstream: String,
    client: reqwest::Client,
    address: SocketAddr,
    listening: Mutex<Option<JoinHandle<()>>>,
    /// What it does.
    pub trouble: Mutex<Trouble>,
    /// The run to be killed.
    pub run: Mutex<Option<u32>>,
    /// Another name of the administrator's key, until it is revoked.
    pub alias: Mutex<Option<(String, String)>>,
    /// What was asked for so far, as `GET /path`.
    pub seen: Mutex<Vec<String>>,
    /// Secrets that came by: keys, passwords, session tokens.
    pub secrets: Mutex<BTreeSet<String>>,
}

impl Proxy {
    /// Stands before `upstream`; its own address comes with it.
    pub async fn before(upstream: &str, client: reqwest::Client) -> (Arc<Self>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let proxy = Arc::new(Self {
            upstream: upstream.to_owned(),
            client,
            address,
            listening: Mutex::new(None),
            trouble: Mutex::new(Trouble::None),
            run: Mutex::new(None),
            alias: Mutex::new(None),
            seen: Mutex::new(Vec::new()),
            secrets: Mutex::new(BTreeSet::new()),
        });
        proxy.serve(listener);
        (proxy, format!("http://{address}"))
    }

    fn serve(self: &Arc<Self>, listener: TcpListener) {
        let router = Router::new().fallback(pass).with_state(Arc::clone(self));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        *self.listening.lock().unwrap() = Some(task);
    }

    /// The port refuses connections.
    fn close(&self) {
        if let Some(task) = self.listening.lock().unwrap().take() {
            task.abort();
        }
    }

    /// Listens again, if it does not.
    pub async fn open(self: &Arc<Self>) {
        if self.listening.lock().unwrap().is_none() {
            self.serve(TcpListener::bind(self.address).await.unwrap());
        }
    }

    /// How often that was asked for.
    fn count(&self, name: &str) -> usize {
        self.seen.lock().unwrap().iter().filter(|seen| *seen == name).count()
    }

    async fn kill(&self) -> Response {
        let pid = loop {
            if let Some(pid) = *self.run.lock().unwrap() {
                break pid;
            }
            tokio::task::yield_now().await;
        };
        std::process::Command::new("kill").args(["-KILL", &pid.to_string()]).status().unwrap();
        std::future::pending().await
    }

    async fn forward(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let url = format!("{}{}", self.upstream, parts.uri);
        let mut headers = parts.headers;
        headers.remove("host");
        if let Some((alias, key)) = self.alias.lock().unwrap().as_ref()
            && headers.get("x-api-key").is_some_and(|header| header == alias.as_str())
        {
            headers.insert("x-api-key", key.parse().unwrap());
        }
        self.note(&headers, &body);
        let answer = self.client.request(parts.method, url).headers(headers).body(body).send().await.unwrap();
        let mut response = Response::builder().status(answer.status());
        for (name, value) in answer.headers().iter().filter(|(name, _)| *name != "transfer-encoding") {
            response = response.header(name, value);
        }
        let bytes = answer.bytes().await.unwrap();
        self.harvest(&bytes);
        response.body(Body::from(bytes)).unwrap()
    }

    /// Has the settings of the answer say so.
    async fn forward_with(&self, request: Request, setting: &str, value: Value) -> Response {
        let answer = self.forward(request).await;
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let mut settings: Value = serde_json::from_slice(&body).unwrap();
        settings["oauth"][setting] = value;
        Response::new(Body::from(settings.to_string()))
    }

    fn note(&self, headers: &HeaderMap, body: &[u8]) {
        let key = headers.get("x-api-key").and_then(|key| key.to_str().ok());
        self.secrets.lock().unwrap().extend(key.map(ToOwned::to_owned));
        self.harvest(body);
    }

    /// Fails with all that was asked.
    async fn echo(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        self.note(&parts.headers, &body);
        let mut asked = String::from_utf8_lossy(&body).into_owned();
        for (name, value) in &parts.headers {
            asked = format!("{asked}\n{name}: {}", value.to_str().unwrap());
        }
        let encoded = form_urlencoded::byte_serialize(asked.as_bytes()).collect::<String>();
        let message = format!("said again: {asked} {} {encoded}", BASE64_STANDARD.encode(&asked));
        let body = serde_json::json!({ "message": message, "asked": asked, "statusCode": 500 });
        Response::builder().status(500).body(Body::from(body.to_string())).unwrap()
    }

    fn harvest(&self, body: &[u8]) {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let found = [&body["password"], &body["accessToken"], &body["oauth"]["clientSecret"]];
        let found = found.into_iter().filter_map(Value::as_str).filter(|text| !text.is_empty());
        self.secrets.lock().unwrap().extend(found.map(ToOwned::to_owned));
    }
}

async fn pass(State(proxy): State<Arc<Proxy>>, request: Request) -> Response {
    let (number, name, deletions) = {
        let mut seen = proxy.seen.lock().unwrap();
        let name = format!("{} {}", request.method(), request.uri().path());
        seen.push(name.clone());
        (seen.len(), name, seen.iter().filter(|request| request.starts_with("DELETE ")).count())
    };
    let is_deletion = request.method() == "DELETE";
    let trouble = *proxy.trouble.lock().unwrap();
    match trouble {
        Trouble::KillBefore(at) if number == at => proxy.kill().await,
        Trouble::KillAfter(at) if number == at => {
            proxy.forward(request).await;
            proxy.kill().await
        }
        Trouble::Status(at, status) if number >= at => failed(status),
        Trouble::Instead(instead) if instead.what == name && proxy.count(&name) >= instead.from => {
            let response = Response::builder().status(instead.status).header("content-type", "application/json");
            response.body(Body::from(instead.body)).unwrap()
        }
        Trouble::Page(what) if name == what => {
            let response = Response::builder().status(200).header("content-type", "text/html; charset=utf-8");
            response.body(Body::from("<!doctype html><title>Sign in</title>")).unwrap()
        }
        Trouble::Lost(at) if number == at => {
            proxy.forward(request).await;
            broken()
        }
        Trouble::Echo(asked) if format!("{} {}", request.method(), request.uri().path()).starts_with(asked) => {
            proxy.echo(request).await
        }
        Trouble::Gone(at) if number >= at => broken(),
        Trouble::Hang(at) if number >= at => std::future::pending().await,
        Trouble::Dropped(at) if number == at => broken(),
        Trouble::Forgets(at) if name == "PUT /api/admin/config" && proxy.count(&name) >= at => {
            Response::new(Body::from(axum::body::to_bytes(request.into_body(), usize::MAX).await.unwrap()))
        }
        Trouble::SomeDeletions if is_deletion && deletions % 2 == 0 => failed(500),
        Trouble::NoDeletions if is_deletion => failed(501),
        Trouble::Impersonates(email, password) if request.uri().path() == "/api/oauth/callback" => {
            let body = serde_json::json!({"email": email, "password": password}).to_string();
            let (mut parts, _) = request.into_parts();
            parts.uri = "/api/auth/login".parse().unwrap();
            parts.headers.remove("content-length");
            proxy.forward(Request::from_parts(parts, Body::from(body))).await
        }
        Trouble::HiddenSecret if name.ends_with("/api/admin/config") => {
            proxy.forward_with(request, "clientSecret", "********".into()).await
        }
        Trouble::FurtherSetting(setting) if name.ends_with("/api/admin/config") => {
            proxy.forward_with(request, setting, 1.into()).await
        }
        Trouble::RefusedSetting(setting) if name == "PUT /api/admin/config" => {
            let (parts, body) = request.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            if String::from_utf8_lossy(&body).contains(setting) {
                return failed(400);
            }
            proxy.forward(Request::from_parts(parts, Body::from(body))).await
        }
        Trouble::Refused(at) if number >= at => {
            proxy.close();
            broken()
        }
        // No connection is kept over which one could still come.
        Trouble::Refused(_) => {
            let mut response = proxy.forward(request).await;
            response.headers_mut().insert("connection", "close".parse().unwrap());
            response
        }
        _ => proxy.forward(request).await,
    }
}

fn failed(status: u16) -> Response {
    Response::builder().status(status).body(Body::from(r#"{"message":"made by the test"}"#)).unwrap()
}

/// The connection breaks without an answer.
fn broken() -> Response {
    let broken = futures_util::stream::once(async { Err::<&[u8], _>(std::io::Error::other("gone")) });
    Response::builder().header("content-length", "9").body(Body::from_stream(broken)).unwrap()
}
