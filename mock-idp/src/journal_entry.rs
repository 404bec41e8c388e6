//! An exchange, as readers of the journal see it. [`crate::packed_entry`] keeps
//! it in memory; [`crate::redaction`] hides its secrets.

use std::time::Instant;

use serde::Serialize;

use crate::protocol::Endpoint;
use crate::quirk::OverlayError;

/// One request and its answer.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Entry {
    /// Position in the journal, from 0.
    pub sequence: u64,
    /// When it was answered, by the provider's clock, in seconds since 1970.
    pub at: i64,
    /// The same by the clock of this process, which no test moves.
    #[serde(skip)]
    pub instant: Instant,
    /// Where it went.
    pub endpoint: Endpoint,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path.
    pub path: String,
    /// The query, not decoded.
    pub raw_query: String,
    /// Request headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The request body, not decoded.
    pub body: String,
    /// Parameters of query and form body, decoded, in order.
    pub parameters: Vec<(String, String)>,
    /// The answer's status.
    pub status: u16,
    /// The answer's headers.
    pub response_headers: Vec<(String, String)>,
    /// The first 2 MiB of the answer's body; for a logout
    /// token, the token.
    pub response_body: String,
    /// Quirks and overlays that changed the answer.
    pub altered_by: Vec<String>,
    /// An overlay that did not find what it wanted to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlay_error: Option<OverlayError>,
    /// What the provider said when it panicked over this request: a bug of the
    /// provider, for which the client is not to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub panic: Option<String>,
}
