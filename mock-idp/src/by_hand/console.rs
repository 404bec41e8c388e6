//! The inspector and the control API of a provider, and the issuer that they
//! show.

use std::sync::{Arc, OnceLock};

use axum::Router;
use tokio::sync::watch;

use super::context::{Context, HttpClient};
use super::refusal::Remedies;
use super::{control, index_page, inspector};
use crate::connections::Limits;
use crate::interactive::Interactive;
use crate::issuer::Issuer;
use crate::person::access::is_exposed;
use crate::profile::Profile;
use crate::server::{Provider, ProviderOptions, StartError};

/// The inspector and the control API beside the issuers.
#[derive(Debug)]
pub struct Console {
    pub(super) context: Context,
    is_exposed: bool,
    ending: watch::Sender<bool>,
}

impl Provider {
    /// Starts one with an inspector and a control API, which are shut until
    /// an issuer is served. `http` makes the client that delivers logout
    /// tokens; the inspector shows `remedies` where the provider refuses.
    pub async fn start_with_console(
        options: ProviderOptions,
        http: HttpClient,
        remedies: Remedies,
    ) -> Result<(Self, Console), StartError> {
        let (ending, ended) = watch::channel(false);
        let context = Context {
            issuer: Arc::new(OnceLock::new()),
            profile: Arc::new(OnceLock::new()),
            secret: options.secret.as_str().into(),
            start: format!("{:016x}", rand::random::<u64>()).into(),
            clock: options.clock.clone(),
            http,
            remedies,
            ending: ended,
        };
        let is_exposed = is_exposed(options.listen, options.public_url.as_ref());
        let routes = Router::new()
            .merge(control::routes(&context))
            .merge(inspector::routes())
            .merge(index_page::routes())
            .with_state(context.clone());
        let provider = Self::start_beside(options, Limits::default(), routes).await?;
        Ok((provider, Console { context, is_exposed, ending }))
    }
}

impl Console {
    /// Has the issuer show a page to sign in, and the inspector show what it
    /// says. One issuer of a provider; a second one is served to programs
    /// alone.
    pub fn serve(&self, issuer: &Issuer) {
        let interactive = Interactive::new(self.is_exposed, issuer.url().starts_with("https:"));
        if self.context.issuer.set(issuer.clone()).is_ok() {
            // A caller sets both or none.
            let _ = issuer.state.interactive.set(interactive);
        }
    }

    /// Has the index page name the product that the provider imitates.
    pub(super) fn name_profile(&self, profile: Option<&'static Profile>) {
        // Set once, before the issuer is served.
        let _ = self.context.profile.set(profile);
    }

    /// Whether others can reach the provider, so that its pages ask for the
    /// secret.
    pub fn is_exposed(&self) -> bool {
        self.is_exposed
    }

    /// The secret of the control API and, where others can reach it, of the
    /// pages.
    pub fn secret(&self) -> &str {
        &self.context.secret
    }

    /// Ends what would go on for ever, such as the live view.
    pub fn end(&self) {
        self.ending.send_replace(true);
    }
}
