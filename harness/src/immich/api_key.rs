//! An administrator's API key. It goes only to the server.

use std::fmt;

use crate::constant_time::are_equal;

/// An administrator's API key.
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
