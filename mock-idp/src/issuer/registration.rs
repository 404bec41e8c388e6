//! What an issuer is opened with: its path, its client, its end-users, and its
//! deviations. [`crate::Provider::open`] opens it.

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
    /// Whether it is served over TLS, and with which certificate.
    pub tls: Tls,
    /// The client.
    pub client: Client,
    /// Its settings, within the specifications.
    pub settings: ProviderSettings,
    /// Its deviations from the specifications.
    pub deviations: Deviations,
    /// The end-users who can sign in.
    pub end_users: IndexMap<String, EndUser>,
}
