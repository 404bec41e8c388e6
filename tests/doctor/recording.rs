//! Answers of running providers, as they were recorded, and a provider that gives
//! them again. The doctor reaches it as a proxy, so that all addresses stay those of
//! the recording.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, DATE, LOCATION};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use url::{Url, form_urlencoded};

use super::RANDOM;

/// A product, honest and broken in several ways.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    /// Name and version.
    pub product: String,
    /// The documents, by issuer.
    pub providers: BTreeMap<String, Publication>,
    pub cases: Vec<RecordedCase>,
}

/// What a provider publishes.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    pub document: RecordedAnswer,
    pub keys: Option<RecordedAnswer>,
}

/// A way in which provider or server are set up, and the answers.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedCase {
    /// What is wrong, or `honest`.
    pub what: String,
    /// The issuer.
    pub provider: String,
    /// When, in seconds since 1970.
    pub recorded: i64,
    /// The server's OAuth settings.
    pub settings: Map<String, Value>,
    /// The answers to a made-up code, by method, and to a wrong secret.
    pub token: BTreeMap<String, RecordedAnswer>,
    /// The answers of the authorization endpoint, by redirect URI.
    pub authorize: BTreeMap<String, RecordedAnswer>,
    /// The sign-in; none where no browser came back.
    pub sign_in: Option<RecordedSignIn>,
}

/// A sign-in of an end-user.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedSignIn {
    /// Where the browser arrived.
    pub callback: Url,
    /// The answers to the code, by method.
    #[serde(default)]
    pub token: BTreeMap<String, RecordedAnswer>,
    pub userinfo: Option<RecordedAnswer>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedAnswer {
    pub status: u16,
    #[serde(rename = "type", default)]
    pub content_type: Option<String>,
    #[serde(default)]
    pub location: Option<String>,
    #[serde(default)]
    pub body: Option<Value>,
}

impl RecordedCase {
    pub fn setting(&self, name: &str) -> &str {
        self.settings.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

/// A case and what its provider publishes.
struct Replay {
    case: RecordedCase,
    publication: Publication,
}

/// Starts a provider that answers as recorded. Returns the address of the proxy.
pub async fn replay(recording: &Recording, case: &RecordedCase) -> String {
    let publication = recording.providers[&case.provider].clone();
    let state = Arc::new(Replay { case: case.clone(), publication });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new().fallback(answer).with_state(state);
    tokio::spawn(async { axum::serve(listener, routes).await });
    address
}

async fn answer(State(replay): State<Arc<Replay>>, request: Request) -> Response {
    let url = Url::parse(&request.uri().to_string()).unwrap();
    let authorization = request.headers().get(AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned());
    let body = axum::body::to_bytes(request.into_body(), 10_000).await.unwrap();
    let form: BTreeMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
    let Some(recorded) = replay.answer(&url, authorization.as_deref(), &form) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let at = Timestamp::from_second(replay.case.recorded).unwrap();
    let mut answer = StatusCode::from_u16(recorded.status).unwrap().into_response();
    let headers = answer.headers_mut();
    headers.insert(DATE, DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap().parse().unwrap());
    for (name, value) in [(CONTENT_TYPE, &recorded.content_type), (LOCATION, &recorded.location)] {
        if let Some(value) = value {
            headers.insert(name, value.parse().unwrap());
        }
    }
    *answer.body_mut() = recorded.body.as_ref().map(ToString::to_string).unwrap_or_default().into();
    answer
}

impl Replay {
    fn answer(
        &self,
        url: &Url,
        authorization: Option<&str>,
        form: &BTreeMap<String, String>,
    ) -> Option<&RecordedAnswer> {
        let document = self.publication.document.body.as_ref()?;
        let at = |member: &str| {
            document[member].as_str().is_some_and(|endpoint| Url::parse(endpoint).unwrap().path() == url.path())
        };
        let parameter = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value);
        if url.as_str() == format!("{}/.well-known/openid-configuration", self.case.provider) {
            Some(&self.publication.document)
        } else if at("jwks_uri") {
            self.publication.keys.as_ref()
        } else if at("authorization_endpoint") {
            self.case.authorize.get(parameter("redirect_uri")?.as_ref())
        } else if at("token_endpoint") {
            self.token(authorization, form)
        } else if at("userinfo_endpoint") {
            self.case.sign_in.as_ref()?.userinfo.as_ref()
        } else {
            None
        }
    }

    fn token(&self, authorization: Option<&str>, form: &BTreeMap<String, String>) -> Option<&RecordedAnswer> {
        let basic = authorization.and_then(|header| header.strip_prefix("Basic "));
        let secret = match basic {
            Some(basic) => {
                let decoded = String::from_utf8(BASE64_STANDARD.decode(basic).unwrap()).unwrap();
                let secret = decoded.split_once(':')?.1;
                // The client encodes it (RFC 6749 §2.3.1).
                form_urlencoded::parse(secret.as_bytes()).next()?.0.into_owned()
            }
            None => form.get("client_secret")?.clone(),
        };
        let method = if basic.is_some() { "client_secret_basic" } else { "client_secret_post" };
        if form.get("code")? != &format!("doctor{RANDOM}") {
            return self.case.sign_in.as_ref()?.token.get(method);
        }
        let is_right = secret == self.case.setting("clientSecret");
        self.case.token.get(if is_right { method } else { "wrong-secret" })
    }
}
