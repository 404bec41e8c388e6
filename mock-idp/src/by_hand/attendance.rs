//! A provider that a person can use, too: the pages and calls that stand
//! beside its issuers, and the issuer that they are about.

use std::sync::{Arc, OnceLock};

use axum::Router;
use tokio::sync::watch;

use super::desk::{Desk, HttpClient};
use super::{control, inspector};
use crate::attended::Attended;
use crate::connections::Limits;
use crate::issuer::Issuer;
use crate::person::door::is_exposed;
use crate::server::{Provider, ProviderOptions, StartError};

/// What a person is served beside the issuers.
#[derive(Debug)]
pub struct Attendance {
    pub(super) desk: Desk,
    is_exposed: bool,
    ending: watch::Sender<bool>,
}

impl Provider {
    /// Starts one with an inspector and a control API, which are shut until
    /// an issuer is attended to. `http` makes the client that delivers logout
    /// tokens.
    pub async fn start_attended(options: ProviderOptions, http: HttpClient) -> Result<(Self, Attendance), StartError> {
        let (ending, ended) = watch::channel(false);
        let desk = Desk {
            issuer: Arc::new(OnceLock::new()),
            secret: options.secret.as_str().into(),
            start: format!("{:016x}", rand::random::<u64>()).into(),
            clock: options.clock.clone(),
            http,
            ending: ended,
        };
        let is_exposed = is_exposed(options.listen, options.public_url.as_ref());
        let routes = Router::new().merge(control::routes(&desk)).merge(inspector::routes()).with_state(desk.clone());
        let provider = Self::start_beside(options, Limits::default(), routes).await?;
        Ok((provider, Attendance { desk, is_exposed, ending }))
    }
}

impl Attendance {
    /// Has the issuer show a page to sign in, and the inspector show what it
    /// says. One issuer of a provider; a second one is served to programs
    /// alone.
    pub fn attend(&self, issuer: &Issuer) {
        let learns = issuer.state.client.redirect_uris.is_empty();
        let attended = Attended::new(self.is_exposed, issuer.url().starts_with("https:"), learns);
        if self.desk.issuer.set(issuer.clone()).is_ok() {
            // Whoever sets the one sets the other.
            let _ = issuer.state.attended.set(attended);
        }
    }

    /// Whether others can reach the provider, so that its pages ask for the
    /// secret.
    pub fn is_exposed(&self) -> bool {
        self.is_exposed
    }

    /// The secret of the control API and, where others can reach it, of the
    /// pages.
    pub fn secret(&self) -> &str {
        &self.desk.secret
    }

    /// Ends what would go on for ever, such as the live view.
    pub fn end(&self) {
        self.ending.send_replace(true);
    }
}
