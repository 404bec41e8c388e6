//! The settings and rules of one request: which HTTP client goes to the
//! provider, what an answer may cost, and which addresses are permitted.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::reference::instance::Instance;
use crate::reference::rules::{Override, Purpose, Rules, Trust};
use crate::reference::state::{flag, text};
use crate::relying_party::{Fetcher, Limits, Metadata};

/// The longest time that a sign-in waits for a picture.
const PATIENCE: Duration = Duration::from_secs(1);

/// The server as a client of the provider, with the settings of one request.
pub struct OAuthClient<'a> {
    pub(super) server: &'a Instance,
    pub(super) rules: &'a Rules,
    /// Their section on OAuth.
    pub settings: Value,
}

impl<'a> OAuthClient<'a> {
    /// With the settings as they are now.
    pub fn new(server: &'a Instance) -> Self {
        Self { server, rules: &server.rules, settings: server.oauth() }
    }

    /// A setting that is a text; empty if there is none.
    pub(super) fn setting(&self, name: &str) -> &str {
        text(&self.settings, name)
    }

    /// The settings of the mobile override.
    pub(super) fn mobile_override(&self) -> Override<'_> {
        Override { enabled: flag(&self.settings, "mobileOverrideEnabled"), uri: self.setting("mobileRedirectUri") }
    }

    /// The address of an endpoint, unless it is without TLS and that is not
    /// allowed.
    pub(super) fn permitted<'u>(&self, url: &'u str, metadata: &Metadata) -> Option<&'u str> {
        let insecure = Url::parse(url).is_ok_and(|url| url.scheme() == "http");
        let allowed = self.rules.fetch.insecure_endpoints;
        (!insecure || allowed(metadata.text("issuer"), &self.settings)).then_some(url)
    }

    /// The way to the provider: how its certificate is looked at, and how long
    /// and how large an answer may be.
    pub(super) fn fetcher(&self, purpose: Purpose) -> Fetcher<'_> {
        let rules = &self.rules.fetch;
        let clients = &self.server.clients;
        let client = match (rules.trust)(purpose, &self.settings) {
            Trust::Verified => &clients.verifying,
            Trust::Anything => &clients.indifferent,
            Trust::Nothing => &clients.stranger,
        };
        let setting = self.settings.get("timeout").and_then(Value::as_u64).unwrap_or(30_000);
        let longest = if purpose == Purpose::Picture { PATIENCE } else { Duration::MAX };
        let time = (!(rules.waits_for_ever)(purpose)).then(|| (rules.timeout)(setting).min(longest));
        let limits = Limits { time, bytes: rules.limit, redirects: (rules.redirects)(purpose) };
        Fetcher { client, limits }
    }
}
