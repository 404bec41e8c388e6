//! A request as the endpoints see it, and what goes out. Both are made by
//! [`super::handler`].

use axum::body::Bytes;
use axum::http::{HeaderMap, Method};
use serde_json::{Map, Value};

use crate::issuer::State;
use crate::message::{Draft, Transport};
use crate::protocol::Parameters;
use crate::quirk::OverlayError;

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
}

impl Answer {
    /// A draft as JSON, unless it says what is sent instead.
    pub(super) fn json(mut draft: Draft) -> Self {
        let body = match draft.transport.body.take() {
            Some(body) => body.into(),
            None => json(&draft.members),
        };
        Self { transport: draft.transport, body, headers: Vec::new() }
    }

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

/// A document as it goes out.
pub(super) fn json(members: &Map<String, Value>) -> Bytes {
    // With room for a token, and cut to size: it is kept in the journal.
    let mut body = Vec::with_capacity(2048);
    match serde_json::to_writer(&mut body, members) {
        Ok(()) => body.into_boxed_slice().into(),
        Err(_) => Bytes::new(),
    }
}
