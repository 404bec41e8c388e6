//! How an answer travels: its status, its headers, how its body is packed, and
//! what becomes of the connection. What it says is for its draft.

use std::borrow::Cow;
use std::time::Duration;

/// How an HTTP answer travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transport {
    /// Status code.
    pub status: u16,
    /// Content type.
    pub content_type: Cow<'static, str>,
    /// Sent instead of the members.
    pub body: Option<String>,
    /// A `Location` header.
    pub location: Option<String>,
    /// More headers; each replaces the honest one of its name.
    pub headers: Vec<(&'static str, String)>,
    /// How the body is packed.
    pub encoding: Encoding,
    /// How an authorization response reaches the redirect URI.
    pub delivery: Delivery,
    /// How long the answer waits.
    pub delay: Duration,
    /// What becomes of the connection.
    pub fate: Fate,
}

/// How a body is packed (RFC 9110 §8.4, RFC 9112 §7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// Unchanged, with a `Content-Length`.
    #[default]
    Identity,
    /// Compressed.
    Gzip,
    /// In chunks, without a `Content-Length`.
    Chunked,
}

/// How an authorization response reaches the redirect URI (OAuth 2.0
/// Multiple Response Types §2.1, OAuth 2.0 Form Post §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delivery {
    /// In the query.
    #[default]
    Query,
    /// In the fragment, which no server sees.
    Fragment,
    /// By a page whose form posts itself.
    FormPost,
}

/// What becomes of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fate {
    /// The answer arrives.
    #[default]
    Whole,
    /// It breaks off in the middle.
    Cut,
    /// It never comes; the connection stays open.
    Hanging,
}

impl Default for Transport {
    fn default() -> Self {
        Self {
            status: 200,
            content_type: "application/json".into(),
            body: None,
            location: None,
            headers: Vec::new(),
            encoding: Encoding::Identity,
            delivery: Delivery::Query,
            delay: Duration::ZERO,
            fate: Fate::Whole,
        }
    }
}
