//! What a browser is asked to send. How it is sent is for
//! [`super::UserAgent`].

use serde_json::Value;
use url::form_urlencoded;

/// What to send.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Headers beside those that the body and the cookies bring.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
    /// Whether cookies are sent and kept.
    pub cookies: bool,
}

impl Request {
    /// One without headers of its own.
    pub fn new(method: &str, url: String, body: Body, cookies: bool) -> Self {
        Self { method: method.to_owned(), url, headers: Vec::new(), body, cookies }
    }
}

/// Whether a token can be sent in a header as it stands (RFC 6750 §2.1).
pub(crate) fn is_sendable(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|letter| letter.is_ascii_graphic())
}

/// A request body.
#[derive(Debug, Clone, Default)]
pub enum Body {
    /// None.
    #[default]
    Empty,
    /// JSON.
    Json(Value),
    /// A form.
    Form(Vec<(String, String)>),
}

impl Body {
    /// The content type, if there is a body, and the body.
    pub(super) fn encode(&self) -> (Option<&'static str>, String) {
        match self {
            Self::Empty => (None, String::new()),
            Self::Json(value) => (Some("application/json"), value.to_string()),
            Self::Form(pairs) => {
                let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
                (Some("application/x-www-form-urlencoded"), form)
            }
        }
    }
}
