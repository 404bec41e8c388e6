//! Answers of the provider: what was asked for, how its certificate was
//! looked at, and what came.

use serde::de::DeserializeOwned;
use url::Url;

use crate::http_client::causes;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Discovery,
    Token,
    Keys,
    UserInfo,
    Picture,
}

/// What becomes of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// It is verified.
    Verified,
    /// It is not looked at.
    Anything,
    /// It is verified, but without the configured certificate authority.
    Nothing,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub content_type: String,
    /// Where it leads on to.
    pub location: Option<Url>,
    pub body: Vec<u8>,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("{}", causes(.0))]
    Http(reqwest::Error),
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
}

impl From<reqwest::Error> for FetchError {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error.without_url())
    }
}

impl Answer {
    /// The JSON in it; a byte order mark may be ignored (RFC 8259 §8.1).
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.body))
    }
}
