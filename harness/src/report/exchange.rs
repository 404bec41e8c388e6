//! What went over the wire, as reports keep it: who asked whom, what, and
//! what is not as it should be.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::exchange::Exchange;

/// Who takes part in a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// A browser, or the app.
    #[default]
    UserAgent,
    /// What is judged.
    Target,
    /// The provider.
    Provider,
    /// The second provider of a scenario that has one.
    OtherProvider,
}

/// A request and its answer, between two.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(from = "ExchangeDocument", into = "ExchangeDocument")]
pub struct ExchangeReport {
    /// Who asked.
    pub from: Party,
    /// Who was asked.
    pub to: Party,
    /// Which browser, where there are several.
    pub agent: Option<String>,
    /// Milliseconds from the beginning of the test to the request; for a request of
    /// the target, to the provider's answer. Older reports have none.
    pub milliseconds: Option<u64>,
    /// The provider's endpoint.
    pub endpoint: Option<String>,
    /// Whether the query, headers and bodies are left out.
    pub abridged: bool,
    /// The request and its answer.
    pub exchange: Exchange,
    /// Tokens in it, decoded.
    pub tokens: Vec<TokenReport>,
    /// What is not as it should be.
    pub deviations: Vec<Deviation>,
}

/// The members of an exchange in a file, in their order.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct ExchangeDocument {
    /// Who asked.
    #[serde(default)]
    from: Party,
    /// Who was asked.
    #[serde(default = "target")]
    to: Party,
    /// Which browser, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    /// Milliseconds from the beginning of the test to the request; for a request of
    /// the target, to the provider's answer. Older reports have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    milliseconds: Option<u64>,
    /// The provider's endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    endpoint: Option<String>,
    /// Of a test that passed: the query, headers and bodies are left out, save
    /// the word that goes with an error.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    abridged: bool,
    /// `GET`, `POST`, …
    method: String,
    /// The whole URL.
    url: String,
    /// Method and URL as the server got them, where its dialect has others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sent_as: Option<String>,
    /// Request headers.
    request_headers: Vec<(String, String)>,
    /// The request body.
    request_body: String,
    /// The answer's status; none if no answer came.
    status: Option<u16>,
    /// The answer's headers, names in lower case.
    response_headers: Vec<(String, String)>,
    /// The answer's body.
    response_body: String,
    /// Why no answer came.
    error: Option<String>,
    /// Tokens in it, decoded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tokens: Vec<TokenReport>,
    /// What is not as it should be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    deviations: Vec<Deviation>,
}

fn target() -> Party {
    Party::Target
}

impl From<ExchangeDocument> for ExchangeReport {
    fn from(document: ExchangeDocument) -> Self {
        let ExchangeDocument { from, to, agent, milliseconds, endpoint, abridged, tokens, deviations, .. } = document;
        let ExchangeDocument { method, url, sent_as, request_headers, request_body, .. } = document;
        let ExchangeDocument { status, response_headers, response_body, error, .. } = document;
        let request = Exchange { method, url, sent_as, request_headers, request_body, ..Exchange::default() };
        let exchange = Exchange { status, response_headers, response_body, error, ..request };
        Self { from, to, agent, milliseconds, endpoint, abridged, exchange, tokens, deviations }
    }
}

impl From<ExchangeReport> for ExchangeDocument {
    fn from(report: ExchangeReport) -> Self {
        let ExchangeReport { from, to, agent, milliseconds, endpoint, abridged, exchange, tokens, deviations } = report;
        let Exchange {
            method,
            url,
            sent_as,
            request_headers,
            request_body,
            status,
            response_headers,
            response_body,
            error,
            ..
        } = exchange;
        Self {
            from,
            to,
            agent,
            milliseconds,
            endpoint,
            abridged,
            method,
            url,
            sent_as,
            request_headers,
            request_body,
            status,
            response_headers,
            response_body,
            error,
            tokens,
            deviations,
        }
    }
}

/// A JWT, decoded and not verified.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TokenReport {
    /// The member or parameter that it stood in; `body` where it was all.
    pub name: String,
    /// The message that it is, such as `id-token`; none if it is something else.
    pub message: Option<String>,
    /// The JOSE header.
    pub header: Map<String, Value>,
    /// The claims; none where the payload is no JSON object.
    pub claims: Option<Map<String, Value>>,
    /// The payload where it is no JSON object.
    pub payload: Option<String>,
    /// Whether it has a signature.
    pub signed: bool,
}

/// The message of a [`Deviation`] by which the browser sends another callback than
/// that of its sign-in.
pub const CALLBACK: &str = "callback";

/// One member that is not as it should be, and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deviation {
    /// Where it stands: a message of the provider such as `id-token`, the
    /// `callback` of the browser, or `request` or `answer`.
    pub message: String,
    /// The member, such as `aud` or `header.alg`.
    pub member: String,
    /// The quirk, the overlay or `tampering` that changed it, or the expectation
    /// that it does not meet.
    pub by: String,
    /// What it does, or what was expected and found.
    pub text: String,
    /// The requirement that it breaks.
    pub requirement: Option<String>,
}

impl Deviation {
    /// Whether a quirk, an overlay or the browser made it. What only fails an
    /// expectation stands in a `request` or an `answer`.
    pub(super) fn is_alteration(&self) -> bool {
        !["request", "answer"].contains(&self.message.as_str())
    }
}

impl ExchangeReport {
    /// Leaves nothing but who asked whom, and how it ended.
    pub fn abridge(&mut self) {
        let response_body = self.exchange.complaint();
        let place = |url: &str| url.split(['?', '#']).next().unwrap_or_default().to_owned();
        let (url, sent_as) = (place(&self.exchange.url), self.exchange.sent_as.as_deref().map(place));
        let Exchange { method, status, error, .. } = std::mem::take(&mut self.exchange);
        self.exchange = Exchange { method, url, sent_as, status, response_body, error, ..Exchange::default() };
        self.abridged = true;
        self.tokens.clear();
    }
}
