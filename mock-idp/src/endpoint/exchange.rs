//! One request and its answer: read, route, gate, send, note in the journal.

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use serde_json::{Map, Value};

use super::response::{cut, respond};
use super::{authorization, discovery, end_session, foreign_keys, jwks, token, userinfo};
use crate::draft::{Draft, Fate, Message, Transport};
use crate::issuer::{Asked, Issuer, State};
use crate::journal::{Endpoint, Entry};
use crate::protocol::Parameters;
use crate::quirk::OverlayError;

/// A request as the endpoints see it.
#[derive(Debug)]
pub(super) struct Exchange<'a> {
    pub(super) issuer: &'a State,
    pub(super) method: Method,
    pub(super) headers: Vec<(String, String)>,
    pub(super) parameters: Parameters,
    pub(super) altered_by: Vec<String>,
    pub(super) overlay_error: Option<OverlayError>,
}

/// What goes out.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) transport: Transport,
    pub(super) body: String,
    pub(super) headers: Vec<(&'static str, String)>,
}

impl Exchange<'_> {
    /// A request header by its lower-case name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Passes a draft through the gate and remembers what changed it.
    pub(super) fn pass(&mut self, draft: &mut Draft) {
        let asked = Asked { parameters: &self.parameters.0, headers: &self.headers };
        match self.issuer.pass(draft, asked) {
            Ok(names) => self.altered_by.extend(names),
            Err(error) => self.overlay_error = Some(error),
        }
    }

    /// A JSON message, after the gate.
    pub(super) fn json(&mut self, message: Message, members: Map<String, Value>) -> Answer {
        self.send(Draft::new(message, members))
    }

    /// Any message with its own transport, after the gate.
    pub(super) fn send(&mut self, mut draft: Draft) -> Answer {
        self.pass(&mut draft);
        let body = match &draft.transport.body {
            Some(body) => body.clone(),
            None => Value::Object(draft.members).to_string(),
        };
        Answer { transport: draft.transport, body, headers: Vec::new() }
    }
}

impl Answer {
    /// A page for a person, outside the protocol.
    pub(super) fn page(status: u16, text: &str) -> Self {
        let transport = Transport { status, content_type: "text/plain; charset=utf-8".into(), ..Transport::default() };
        Self { transport, body: text.to_owned(), headers: Vec::new() }
    }

    pub(super) fn redirect(location: String) -> Self {
        let transport = Transport {
            status: 302,
            content_type: "text/plain".into(),
            location: Some(location),
            ..Transport::default()
        };
        Self { transport, ..Self::default() }
    }

    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Answers a request below the issuer's path.
pub(crate) async fn answer(issuer: &Issuer, path: &str, request: Request) -> Response {
    let state = &issuer.state;
    let (parts, body) = request.into_parts();
    if !state.is_available() {
        return cut();
    }
    // In memory already: nobody comes here with half a request.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let body = String::from_utf8_lossy(&body).into_owned();
    let raw_query = parts.uri.query().unwrap_or_default().to_owned();
    let headers: Vec<(String, String)> = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let mut parameters = Parameters::parse(&raw_query);
    parameters.0.extend(Parameters::parse(&body).0);
    let mut exchange = Exchange {
        issuer: state,
        method: parts.method.clone(),
        headers,
        parameters,
        altered_by: Vec::new(),
        overlay_error: None,
    };
    let (endpoint, answer) = route(path, &mut exchange);
    let answer = match &exchange.overlay_error {
        Some(error) => Answer::page(500, &error.to_string()),
        None => answer,
    };
    let (transport, text, more) = (answer.transport, answer.body, answer.headers);
    let response = respond(&parts.method, &transport, &text, &more);
    state.journal.write(Entry {
        sequence: 0,
        endpoint,
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        raw_query,
        headers: exchange.headers,
        body,
        parameters: exchange.parameters.0,
        status: transport.status,
        response_headers: response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        response_body: text,
        altered_by: exchange.altered_by,
        overlay_error: exchange.overlay_error.map(|error| error.to_string()),
    });
    // Noted before the wait: who loses patience drops this future.
    if !transport.delay.is_zero() {
        tokio::time::sleep(transport.delay).await;
    }
    match transport.fate {
        Fate::Whole => response,
        Fate::Cut => cut(),
        // Until the client loses patience or the provider ends.
        Fate::Hanging => std::future::pending().await,
    }
}

fn route(path: &str, exchange: &mut Exchange<'_>) -> (Endpoint, Answer) {
    let reads = matches!(exchange.method, Method::GET | Method::HEAD);
    let posts = exchange.method == Method::POST;
    let wrong_method = || Answer::page(405, "this endpoint does not take that method");
    let (endpoint, fits, handler): (_, _, fn(&mut Exchange<'_>) -> Answer) = match path {
        ".well-known/openid-configuration" => (Endpoint::Discovery, reads, discovery::answer),
        "jwks" => (Endpoint::Jwks, reads, jwks::answer),
        "authorize" => (Endpoint::Authorization, reads || posts, authorization::answer),
        "token" => (Endpoint::Token, posts, token::answer),
        "userinfo" => (Endpoint::UserInfo, reads || posts, userinfo::answer),
        "end-session" => (Endpoint::EndSession, reads || posts, end_session::answer),
        "foreign-keys" => (Endpoint::ForeignKeys, reads, foreign_keys::answer),
        _ => return (Endpoint::Unknown, Answer::page(404, "there is no such endpoint")),
    };
    (endpoint, if fits { handler(exchange) } else { wrong_method() })
}
