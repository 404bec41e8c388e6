//! The client of a sign-in: a browser or the app, with the end-user and the
//! result. [`crate::user_agent`] handles requests and cookies.

use crate::user_agent::UserAgent;

/// One of them.
#[derive(Debug)]
pub(super) struct Browser {
    /// What sends requests and keeps cookies.
    pub(super) user_agent: UserAgent,
    /// The token of the session that it was given last.
    pub(super) session: Option<String>,
    /// Who signed in last.
    pub(super) end_user: Option<String>,
}

impl Browser {
    /// A browser without a session.
    pub(super) fn new(user_agent: UserAgent) -> Self {
        Self { user_agent, session: None, end_user: None }
    }

    /// The header by which the app shows its session (RFC 6750 §2.1), if there
    /// is one.
    pub(super) fn bearer(&self) -> Option<(String, String)> {
        self.session.as_ref().map(|token| ("authorization".to_owned(), format!("Bearer {token}")))
    }
}
