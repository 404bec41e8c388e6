//! What an issuer is opened with: its place, its client, who can sign in, and
//! what is wrong with it. Opening it is for [`crate::Provider::open`].

use indexmap::IndexMap;

use crate::end_user::EndUser;
use crate::protocol::Client;
use crate::quirk::Deviations;
use crate::settings::ProviderSettings;
use crate::tls::Tls;

/// What an issuer is opened with.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The path below the provider's origin, kept as written: `/a` and `/a/`
    /// are two issuers (OIDC Discovery §4.3). Empty for the origin itself.
    pub path: String,
    /// Over what it is served.
    pub tls: Tls,
    /// The client.
    pub client: Client,
    /// Honest variation.
    pub settings: ProviderSettings,
    /// What is wrong with it.
    pub deviations: Deviations,
    /// Who can sign in.
    pub end_users: IndexMap<String, EndUser>,
}
