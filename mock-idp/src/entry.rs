//! An exchange as those see it who read the journal. How it is kept is for
//! [`crate::packed_entry`], what is secret in it for [`crate::redaction`].

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
    /// The same by the clock of this process, which nothing moves.
    #[serde(skip)]
    pub instant: Instant,
    /// Where it went.
    pub endpoint: Endpoint,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path.
    pub path: String,
    /// The query as it stood.
    pub raw_query: String,
    /// Request headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The request body as it stood.
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
    /// Quirks and overlays that really changed what was answered.
    pub altered_by: Vec<String>,
    /// An overlay that did not find what it wanted to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlay_error: Option<OverlayError>,
    /// What the provider said when it panicked over this request: a bug of the
    /// provider, for which the client is not to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub panic: Option<String>,
}
