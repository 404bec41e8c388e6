//! API keys that users create for themselves. The administrator's key, with
//! which a run looks at the server, is an [`super::ApiKey`].

use serde_json::{Value, json};

use super::member::text;
use super::secrets::{API_KEY_HEADER, NEW_API_KEY};
use crate::exchange::Exchange;

/// Returns the body of a request for a key that may do all that its user may.
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
