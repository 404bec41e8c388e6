//! API keys: the administrator's, with which a run looks at the server, and
//! those that users create for themselves.

use std::fmt;

use serde_json::{Value, json};

use super::member::text;
use super::secrets::{API_KEY_HEADER, NEW_API_KEY};
use crate::constant_time::are_equal;
use crate::exchange::Exchange;

/// An administrator's API key. It goes only to the server.
#[derive(Clone)]
pub struct ApiKey(String);

impl ApiKey {
    /// The key in `text`; blanks and line ends around it do not count.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The key itself, to be sent, and to be hidden where it turns up.
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl PartialEq for ApiKey {
    fn eq(&self, other: &Self) -> bool {
        are_equal(&self.0, &other.0)
    }
}

impl Eq for ApiKey {}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}

/// Returns the body of a request for a user's key that may do all that its user may.
pub(crate) fn api_key_body() -> Value {
    json!({ "name": "harness", "permissions": ["all"] })
}

/// Returns the new key, if the answer has one.
pub(crate) fn new_api_key(answer: &Exchange) -> Option<String> {
    text(answer, NEW_API_KEY)
}

/// Returns the header by which a request shows a key.
pub(crate) fn api_key_header(key: &str) -> (String, String) {
    (API_KEY_HEADER.to_owned(), key.to_owned())
}
