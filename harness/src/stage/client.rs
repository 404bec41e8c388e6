//! The client that drives a sign-in: a browser, or the mobile app.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::immich::RedirectUri;

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
