//! How a server begins a sign-in, asked without credentials.

use super::answer::answered;
use super::flow::{authorization_url, authorize_body};
use super::member::{member, text};
use super::{ApiRoute, Immich, RedirectUri, TargetError};
use crate::user_agent::Body;

/// How a server begins a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beginning {
    /// It names the address at the provider.
    At(String),
    /// It refuses, with this status and message.
    Refused {
        /// The status.
        status: u16,
        /// What it says; empty where the answer has no message.
        message: String,
    },
}

impl Immich {
    /// Returns whether the server offers sign-in with a provider.
    pub async fn offers_sign_in(&self) -> Result<bool, TargetError> {
        member(&self.look(ApiRoute::FEATURES).await?, "features", "oauth", serde_json::Value::as_bool)
    }

    /// Begins a sign-in at the page where people sign in. Nothing is left behind:
    /// the server keeps no state of it.
    pub async fn begin_sign_in(&self) -> Result<Beginning, TargetError> {
        let body = authorize_body(&RedirectUri::SignInPage.at(self.origin()), None);
        let route = ApiRoute::AUTHORIZE;
        let exchange = self.send(self.request_at(route.method(), route.path(), Body::Json(body))?).await?;
        let status = answered(self.secrets(), &exchange)?;
        let is_good = (200..300).contains(&status);
        Ok(match authorization_url(&exchange).filter(|_| is_good) {
            Some(url) => Beginning::At(url),
            None => Beginning::Refused {
                status,
                message: self.secrets().text(&text(&exchange, "message").unwrap_or_default()),
            },
        })
    }
}
