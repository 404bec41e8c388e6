//! Cross-origin requests of scripts in browsers (Fetch §3.2): allowed where a
//! client without a server asks the provider itself. No cookie counts at these
//! endpoints, so that a page of any origin may read the answer.

use axum::http::Method;

use super::exchange::{Answer, Exchange};
use crate::protocol::Endpoint;

/// The endpoints that scripts may ask.
const OPEN: &[Endpoint] = &[Endpoint::Discovery, Endpoint::Jwks, Endpoint::Token, Endpoint::UserInfo];

/// The answer to the question whether a script may ask this endpoint by one of
/// the `methods`; none for any other request.
pub(super) fn preflight(endpoint: Endpoint, exchange: &Exchange<'_>, methods: &str) -> Option<Answer> {
    let asks = *exchange.method == Method::OPTIONS && exchange.header("access-control-request-method").is_some();
    (asks && OPEN.contains(&endpoint)).then(|| {
        Answer::page(204, "")
            .header("access-control-allow-methods", methods)
            .header("access-control-allow-headers", "authorization, content-type")
            .header("access-control-max-age", "600")
    })
}

/// The answer, to be read by a script of any origin if it is for one.
pub(super) fn shared(endpoint: Endpoint, exchange: &Exchange<'_>, answer: Answer) -> Answer {
    if !OPEN.contains(&endpoint) || exchange.header("origin").is_none() {
        return answer;
    }
    answer.header("access-control-allow-origin", "*").header("access-control-expose-headers", "www-authenticate")
}
