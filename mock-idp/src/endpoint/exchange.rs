//! One request and its answer: read, route, gate, send, note in the journal.

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use serde_json::{Map, Value};
use tokio::task::spawn_blocking;

use super::response::{cut, respond};
use super::unsent::unsent;
use super::{authorization, discovery, end_session, foreign_keys, jwks, picture, token, userinfo};
use crate::document::Document;
use crate::draft::Draft;
use crate::issuer::{Asked, Issuer, State};
use crate::message::Message;
use crate::protocol::{Endpoint, Parameters};
use crate::quirk::OverlayError;
use crate::record::{self, Record};
use crate::transport::{Fate, Transport};

/// A request as the endpoints see it.
#[derive(Debug)]
pub(super) struct Exchange<'a> {
    pub(super) issuer: &'a State,
    pub(super) method: &'a Method,
    pub(super) headers: &'a HeaderMap,
    pub(super) parameters: Parameters<'a>,
    pub(super) altered_by: Vec<String>,
    pub(super) overlay_error: Option<OverlayError>,
}

/// What goes out.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) transport: Transport,
    pub(super) body: Bytes,
    pub(super) headers: Vec<(&'static str, String)>,
}

impl Exchange<'_> {
    /// A request header by its lower-case name; none if it is no UTF-8.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| str::from_utf8(value.as_bytes()).ok())
    }

    /// Passes a draft through the gate and remembers what changed it.
    pub(super) fn pass(&mut self, draft: &mut Draft) {
        let asked = Asked { parameters: &self.parameters, headers: self.headers };
        match self.issuer.pass(draft, Some(asked)) {
            Ok(names) => self.altered_by.extend(names),
            Err(error) => {
                let unsent = unsent(self, draft, error.member());
                self.overlay_error = Some(error.for_want_of(unsent));
            }
        }
    }

    /// A JSON message, after the gate.
    pub(super) fn json(&mut self, message: Message, members: Map<String, Value>) -> Answer {
        self.send(Draft::new(message, members))
    }

    /// A JSON message that is the same until something changes: made anew
    /// only where something may touch it.
    pub(super) fn document<E>(
        &mut self,
        message: Message,
        document: &Document,
        members: impl FnOnce() -> Result<Map<String, Value>, E>,
    ) -> Result<Answer, E> {
        let revision = self.issuer.revision();
        if !self.issuer.waves_through(message) {
            return Ok(self.json(message, members()?));
        }
        let body = document.at(revision, || Ok(json(&members()?)))?;
        Ok(Answer { transport: Transport::default(), body, headers: Vec::new() })
    }

    /// Any message with its own transport, after the gate.
    pub(super) fn send(&mut self, mut draft: Draft) -> Answer {
        self.pass(&mut draft);
        let body = match draft.transport.body.take() {
            Some(body) => body.into(),
            None => json(&draft.members),
        };
        Answer { transport: draft.transport, body, headers: Vec::new() }
    }
}

impl Answer {
    /// A page for a person, outside the protocol.
    pub(super) fn page(status: u16, text: &str) -> Self {
        let transport = Transport { status, content_type: "text/plain; charset=utf-8".into(), ..Transport::default() };
        Self { transport, body: text.to_owned().into(), headers: Vec::new() }
    }

    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

fn json(members: &Map<String, Value>) -> Bytes {
    // With room for a token, and cut to size: it is kept in the journal.
    let mut body = Vec::with_capacity(2048);
    match serde_json::to_writer(&mut body, members) {
        Ok(()) => body.into_boxed_slice().into(),
        Err(_) => Bytes::new(),
    }
}

/// Answers a request at an endpoint of the issuer.
pub(crate) async fn answer(issuer: Issuer, endpoint: Endpoint, parts: Parts, body: Bytes) -> Response {
    let state = issuer.state;
    if !state.is_available() {
        return cut();
    }
    let exchanged = if signs(&state, endpoint) {
        // A signature takes longer than everything else together, and nobody
        // else is to wait for it.
        match spawn_blocking(move || exchange(&state, endpoint, &parts, &body)).await {
            Ok(exchanged) => exchanged,
            Err(_) => return cut(),
        }
    } else {
        exchange(&state, endpoint, &parts, &body)
    };
    let (response, Transport { delay, fate, .. }) = exchanged;
    // Noted before the wait: who loses patience drops this future.
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    match fate {
        Fate::Whole => response,
        Fate::Cut => cut(),
        // Until the client loses patience or the provider ends.
        Fate::Hanging => std::future::pending().await,
    }
}

/// Whether the answer holds a signature.
fn signs(issuer: &State, endpoint: Endpoint) -> bool {
    match endpoint {
        Endpoint::Token => true,
        Endpoint::UserInfo => issuer.publication().settings.userinfo_signing_algorithm.is_some(),
        _ => false,
    }
}

/// The answer, noted in the journal, and how it is to travel.
fn exchange(state: &State, endpoint: Endpoint, parts: &Parts, body: &[u8]) -> (Response, Transport) {
    let raw_query = parts.uri.query().unwrap_or_default();
    let form = String::from_utf8_lossy(body);
    let mut exchange = Exchange {
        issuer: state,
        method: &parts.method,
        headers: &parts.headers,
        parameters: match endpoint {
            // Nothing of this belongs into an address (RFC 6749 §2.3.1).
            Endpoint::Token => Parameters::parse(&form),
            _ => Parameters::parse(raw_query).and(&form),
        },
        altered_by: Vec::new(),
        overlay_error: None,
    };
    let answer = handle(endpoint, &mut exchange);
    let Answer { transport, body: text, headers } = match &exchange.overlay_error {
        Some(error) => Answer::page(500, &error.to_string()),
        None => answer,
    };
    let response = respond(&parts.method, &transport, text.clone(), &headers);
    let request = record::Request {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        raw_query,
        headers: &parts.headers,
        body,
    };
    let noted = record::Response {
        at: state.clock.now(),
        status: transport.status,
        headers: response.headers(),
        body: text,
        altered_by: exchange.altered_by,
        overlay_error: exchange.overlay_error,
    };
    state.journal.write(Record::new(endpoint, request, noted));
    (response, transport)
}

fn handle(endpoint: Endpoint, exchange: &mut Exchange<'_>) -> Answer {
    // As the header `Allow` lists them (RFC 9110 §10.2.1).
    const READ: &str = "GET, HEAD";
    const POST: &str = "POST";
    const BOTH: &str = "GET, HEAD, POST";
    let (methods, handler): (_, fn(&mut Exchange<'_>) -> Answer) = match endpoint {
        Endpoint::Discovery => (READ, discovery::answer),
        Endpoint::Jwks => (READ, jwks::answer),
        Endpoint::Authorization => (BOTH, authorization::answer),
        Endpoint::Token => (POST, token::answer),
        Endpoint::UserInfo => (BOTH, userinfo::answer),
        Endpoint::EndSession => (BOTH, end_session::answer),
        Endpoint::Picture => (READ, picture::answer),
        Endpoint::ForeignKeys => (READ, foreign_keys::answer),
        Endpoint::LogoutToken | Endpoint::Connection | Endpoint::Unknown => {
            return Answer::page(404, "there is no such endpoint");
        }
    };
    if methods.split(", ").any(|method| method == exchange.method.as_str()) {
        handler(exchange)
    } else {
        Answer::page(405, "this endpoint does not take that method").header("allow", methods)
    }
}
