//! The client that drives a sign-in: a browser, or the mobile app.
//! [`crate::user_agent`] handles requests and cookies.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::immich::RedirectUri;
use crate::user_agent::UserAgent;

/// Who drives the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Client {
    /// A browser on the target's pages: state and verifier are in cookies.
    #[default]
    Web,
    /// The mobile app: it creates state and verifier, has no cookies, and
    /// restores lost slashes in its redirect URI.
    Mobile,
}

impl Client {
    /// How it stands in a sentence.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Web => "",
            Self::Mobile => " with the mobile app",
        }
    }

    /// The redirect URI that this client uses to sign in.
    pub fn redirect_uri(self, target: &str) -> String {
        match self {
            Self::Web => RedirectUri::SignInPage.at(target),
            Self::Mobile => RedirectUri::App.at(target),
        }
    }
}

/// A client at work: its cookies, its session and its end-user.
#[derive(Debug)]
pub(super) struct Browser {
    /// What sends requests and keeps cookies.
    pub(super) user_agent: UserAgent,
    /// The token of the session that it was given last.
    pub(super) session: Option<String>,
    /// The API key that its user created last.
    pub(super) api_key: Option<String>,
    /// Who signed in last.
    pub(super) end_user: Option<String>,
}

impl Browser {
    /// A browser without a session.
    pub(super) fn new(user_agent: UserAgent) -> Self {
        Self { user_agent, session: None, api_key: None, end_user: None }
    }

    /// The header by which the app shows its session (RFC 6750 §2.1), if there
    /// is one.
    pub(super) fn bearer(&self) -> Option<(String, String)> {
        self.session.as_ref().map(|token| ("authorization".to_owned(), format!("Bearer {token}")))
    }
}
