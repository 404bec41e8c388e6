//! The running provider: started, described, ended.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use super::arguments::{Arguments, Plan};
use super::console::Console;
use super::context::HttpClient;
use super::error::ServeError;
use super::refusal::Remedies;
use crate::clock::Clock;
use crate::issuer::Issuer;
use crate::jose::KeySource;
use crate::profile::Profile;
use crate::protocol::Endpoint;
use crate::server::{Provider, ProviderOptions};

/// How long open requests may take once the provider ends.
const PATIENCE: Duration = Duration::from_secs(5);

/// A provider that serves a person.
#[derive(Debug)]
pub struct Service {
    provider: Provider,
    issuer: Issuer,
    profile: Option<&'static Profile>,
    console: Console,
    /// What there is to say of the certificate, if it is served with one.
    certificate: Option<String>,
}

impl Arguments {
    /// Starts what was asked for; ready when it returns. `http` makes the
    /// client that delivers logout tokens; the inspector shows `remedies` where
    /// the provider refuses.
    pub async fn serve(self, clock: Clock, http: HttpClient, remedies: Remedies) -> Result<Service, ServeError> {
        let Plan { registration, profile, secret, seed, is_exposed } = self.plan()?;
        let certificate = self.certificate();
        let authority = self.authority(clock.now())?.map(Arc::new);
        let options = ProviderOptions {
            listen: self.listen,
            public_url: self.public_url,
            // The published ones are there at once.
            keys: if is_exposed { KeySource::Fresh } else { KeySource::Published },
            clock,
            seed,
            secret,
            authority,
        };
        let (provider, console) = Provider::start_with_console(options, http, remedies).await?;
        let issuer = provider.open(registration)?;
        console.name_profile(profile);
        console.serve(&issuer);
        Ok(Service { provider, issuer, profile, console, certificate })
    }
}

impl Service {
    /// The issuer that is served.
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// Where it really listens.
    pub fn local_addr(&self) -> std::net::SocketAddr {
        self.provider.local_addr()
    }

    /// The secret of the control API.
    pub fn secret(&self) -> &str {
        self.console.secret()
    }

    /// What to enter at the relying party and where to look, for a person.
    pub fn description(&self) -> String {
        let publication = self.issuer.state.publication();
        let client = &publication.client;
        let origin = self.provider.origin().as_str().trim_end_matches('/');
        let mut text = String::new();
        let mut line = |name: &str, value: &str| {
            let _ = writeln!(text, "{name:<16}{value}");
        };
        if let Some(Profile { product, version, .. }) = self.profile {
            line("imitates", &format!("{product}, {version}"));
        }
        line("issuer URL", self.issuer.url());
        line("client ID", &client.id);
        line("client secret", client.secret.as_deref().unwrap_or("none, because it is a public client"));
        if client.redirect_uris.is_empty() {
            line("redirect URIs", "any, because none is registered and only this machine has access");
        }
        for (index, uri) in client.redirect_uris.iter().enumerate() {
            line(if index == 0 { "redirect URIs" } else { "" }, uri);
        }
        if let Some(certificate) = &self.certificate {
            line("certificate", certificate);
        }
        let sign_in = self.issuer.state.endpoint_url(Endpoint::Authorization);
        line("sign-in page", &sign_in);
        line("start page", &format!("{origin}/"));
        line("inspector", &format!("{origin}/inspect"));
        line("control API", &format!("{origin}/control/"));
        line("control secret", self.console.secret());
        let people = self.issuer.end_users().keys().cloned().collect::<Vec<_>>().join(", ");
        line("end-users", &people);
        let deviations = self.issuer.deviations().names();
        if !deviations.is_empty() {
            line("quirks", &deviations.join(", "));
        }
        if self.console.is_exposed() {
            line("reachable", "by other machines; the pages ask for the control secret");
        }
        text
    }

    /// Ends: takes no more requests and lets open ones have their answers;
    /// whether all of them had.
    pub async fn shut_down(self) -> bool {
        self.console.end();
        self.provider.shut_down(PATIENCE).await
    }
}
