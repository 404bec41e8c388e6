//! Several issuers at one path at the same time. They publish the same, and
//! each has its own end-users, redirect URIs, quirks, codes and journal.
//!
//! A request belongs to the guest who signs in: a user agent names it, and the
//! client shows what it issued. A request that shows neither, such as one for
//! the discovery document, is answered by the host, which is honest and has no
//! end-users. [`crate::issuers`] keeps the guests.

use axum::http::request::Parts;

use crate::issuer::Issuer;
use crate::journal::Mark;
use crate::protocol::{Endpoint, Parameters, credentials, verifier_fits};

/// The header by which user agents name their guest.
const GUEST: &str = "mock-idp-guest";

/// An issuer that shares its path with others. Clones are the same guest.
#[derive(Debug, Clone)]
pub struct Guest {
    name: String,
    issuer: Issuer,
    pub(crate) host: Issuer,
    /// How far the host's journal was when it came.
    since: Mark,
}

impl Guest {
    pub(crate) fn new(name: &str, issuer: Issuer, host: Issuer) -> Self {
        let since = host.journal().mark();
        Self { name: name.to_owned(), issuer, host, since }
    }

    /// The issuer: what this guest publishes, signs and notes.
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// The header that its user agents send with every request.
    pub fn header(&self) -> (String, String) {
        (GUEST.to_owned(), self.name.clone())
    }

    /// How many requests came since this guest did that may be its own, and
    /// that no guest's journal has. Requests for the discovery document and the
    /// keys are not counted: they show nothing of a sign-in.
    pub fn unattributed(&self) -> usize {
        let is_of_a_sign_in =
            |endpoint| !matches!(endpoint, Endpoint::Discovery | Endpoint::Jwks | Endpoint::Connection);
        match self.host.journal().entries_since(self.since) {
            Ok(entries) => entries.iter().filter(|entry| is_of_a_sign_in(entry.endpoint)).count(),
            // What the journal dropped may be anything.
            Err(forgotten) => usize::try_from(forgotten.dropped).unwrap_or(usize::MAX),
        }
    }

    /// Whether a request at this endpoint is its own.
    pub(crate) fn owns(&self, endpoint: Endpoint, parts: &Parts, body: &[u8]) -> bool {
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        match endpoint {
            Endpoint::Authorization | Endpoint::EndSession => header(GUEST) == Some(&self.name),
            Endpoint::Token => {
                let form = String::from_utf8_lossy(body);
                let parameters = Parameters::parse(&form);
                let store = self.issuer.state.store();
                parameters.get("code").is_some_and(|code| store.codes.get(code).is_some())
                    || parameters.get("refresh_token").is_some_and(|token| store.refresh_tokens.get(token).is_some())
                    // A code that was altered on its way.
                    || parameters.get("code_verifier").is_some_and(|verifier| store.codes.values().any(|code| {
                        code.grant.code_challenge.as_deref().is_some_and(|challenge| verifier_fits(Some(challenge), Some(verifier)).is_ok())
                    }))
            }
            Endpoint::UserInfo => {
                let token = header("authorization").and_then(|header| credentials(header, "Bearer"));
                token.is_some_and(|token| self.issuer.state.store().access_tokens.get(token).is_some())
            }
            _ => false,
        }
    }
}
