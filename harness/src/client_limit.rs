//! What the HTTP client of the harness itself cannot send or take. It says
//! nothing of the server; what a server does with a request is an
//! [`Exchange`](crate::exchange::Exchange).

use std::error::Error;

/// Why the harness cannot send a request, or read its answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientLimit {
    /// The address is too long.
    #[error("the harness cannot send {request}: the URL has {length} bytes, but the limit is {ADDRESS}")]
    Address {
        /// Method and address, without the query.
        request: String,
        /// The length of the whole address.
        length: usize,
    },
    /// Something else is wrong with the request.
    #[error("the harness cannot send {request}: {reason}")]
    Request {
        /// Method and address, without the query.
        request: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The answer has more headers, or longer ones, than the client takes.
    #[error("the harness cannot read the response to {request}: it has too many headers, or headers that are too long")]
    AnswerHead {
        /// Method and address, without the query.
        request: String,
    },
    /// The body of the answer is too long.
    #[error("the harness cannot read the response to {request}: it is longer than {ANSWER} bytes")]
    AnswerBody {
        /// Method and address, without the query.
        request: String,
    },
}

/// The longest address that hyper sends, in bytes.
const ADDRESS: usize = u16::MAX as usize - 1;

/// The longest body of an answer that is read, in bytes, whatever it unpacks
/// to; no server has that many accounts.
pub(crate) const ANSWER: usize = 64 * 1024 * 1024;

/// More of an address would fill the terminal.
const SHOWN: usize = 200;

/// Method and address of a request, as these errors name it.
pub(crate) fn named(method: &str, url: &str) -> String {
    let place = url.split(['?', '#']).next().unwrap_or_default();
    let cut: String = place.chars().take(SHOWN).collect();
    let dots = if cut.len() < place.len() { "…" } else { "" };
    format!("{method} {cut}{dots}")
}

impl ClientLimit {
    /// The error for an address, if it is too long.
    pub(crate) fn of_address(method: &str, url: &str) -> Option<Self> {
        (url.len() > ADDRESS).then(|| Self::Address { request: named(method, url), length: url.len() })
    }

    /// The error for a request that failed, if the client is what failed.
    pub(crate) fn of_failure(request: String, error: &reqwest::Error) -> Option<Self> {
        if error.is_builder() {
            let reason = causes(error).last().map_or_else(|| error.to_string(), ToString::to_string);
            return Some(Self::Request { request, reason });
        }
        let is_too_large = |cause: &(dyn Error + 'static)| {
            cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse_too_large)
        };
        causes(error).any(is_too_large).then_some(Self::AnswerHead { request })
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Address { .. } => {
                "use a shorter URL in the scenario: browsers and servers do not accept this one either"
            }
            Self::Request { .. } => "check the URL and the headers in the scenario that sends this request",
            Self::AnswerHead { .. } | Self::AnswerBody { .. } => {
                "send the request with `curl -v` to see what the server, or a proxy in front of it, answers"
            }
        }
    }
}

/// What an error follows from, the last one first of all.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let mut next = error.source();
    std::iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_address_is_named_and_not_shown() {
        let url = format!("http://idp.test/end?id_token_hint={}", "a".repeat(ADDRESS));
        let told = ClientLimit::of_address("GET", &url).map(|limit| limit.to_string());
        let expected =
            "the harness cannot send GET http://idp.test/end: the URL has 65568 bytes, but the limit is 65534";
        assert_eq!(told.as_deref(), Some(expected));
        assert_eq!(ClientLimit::of_address("GET", &url[..ADDRESS]), None);
        let request = named("GET", &format!("http://idp.test/{}", "b".repeat(300)));
        assert!(request.ends_with("bb…") && request.chars().count() == SHOWN + 5, "{request}");
    }
}
