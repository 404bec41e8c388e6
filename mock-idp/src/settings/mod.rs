//! What honest providers differ in. Deviations are [`mod@crate::quirk`]s.
//!
//! Everything here is right by the specifications, however unusual: nothing
//! of it counts as an alteration. What it publishes is worked out
//! once, as a [`crate::publication`], whenever the settings change.

mod claims;
mod consistency;
mod error;
mod keys;
mod metadata;
mod paths;
mod provider_settings;
mod redirect_matching;

pub use claims::PROTOCOL_CLAIMS;
pub use error::SettingsError;
pub use keys::{Alphabet, JwkMember, KeyIds, PublishedKeys};
pub(crate) use metadata::{Names, metadata};
pub use paths::Paths;
pub use provider_settings::{ClaimsIn, DiscoverySettings, LogoutTokens, Pkce, ProviderSettings};
pub use redirect_matching::RedirectMatching;
pub(crate) use redirect_matching::RedirectUris;
