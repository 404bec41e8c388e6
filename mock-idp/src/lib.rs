#![doc = include_str!("../README.md")]

#[cfg(test)]
mod arbitrary;
#[cfg(feature = "by-hand")]
pub mod by_hand;
mod cached_document;
mod clock;
mod connections;
mod decoded_token;
mod end_user;
mod endpoint;
mod for_tests;
mod guest;
#[cfg(feature = "by-hand")]
mod interactive;
#[cfg(feature = "by-hand")]
mod interruption;
mod issuer;
mod issuers;
mod jose;
mod journal;
mod journal_entry;
mod logout_token;
mod message;
mod packed_entry;
#[cfg(feature = "by-hand")]
mod person;
mod placeholder;
#[cfg(feature = "profiles")]
mod profile;
mod protocol;
mod publication;
mod quirk;
mod redaction;
mod request_head;
mod routing;
mod server;
mod settings;
mod store;
#[cfg(feature = "by-hand")]
mod suggestion;
mod tls;

pub use clock::Clock;
pub use connections::Limits;
pub use decoded_token::DecodedToken;
pub use end_user::EndUser;
pub use for_tests::{Builder, MockIdp, MockIdpError, SignInError, Unnoticed, User};
pub use guest::Guest;
#[cfg(feature = "by-hand")]
pub use interruption::Interruption;
pub use issuer::{Issuer, Registration};
pub use jose::{KeyError, KeySource, SignError};
pub use journal::{Forgotten, Journal, Mark};
pub use journal_entry::Entry;
pub use logout_token::{LogoutTokenError, LogoutTokenRequest};
pub use message::{Member, Message, Topic};
#[cfg(feature = "profiles")]
pub use profile::{Fact, PROFILES, Profile, ProfileError, Unlike, profile};
pub use protocol::{Algorithm, Client, ClientAuthentication, CodeChallengeMethod, Endpoint};
pub use quirk::{
    Argument, Conflict, Deviations, Keys, Overlay, OverlayError, Parameter, QUIRKS, Quirk, QuirkError, Scene, Touch,
    quirk,
};
pub use server::{OpenError, Provider, ProviderOptions, PublicUrlError, StartError, public_url};
pub use settings::{
    Alphabet, ClaimsIn, DiscoverySettings, JwkMember, KeyIds, LogoutTokens, PROTOCOL_CLAIMS, Paths, Pkce,
    ProviderSettings, PublishedKeys, RedirectMatching, SettingsError,
};
#[cfg(feature = "by-hand")]
pub use suggestion::{closest, did_you_mean};
pub use tls::Tls;
#[cfg(feature = "tls")]
pub use tls::{AuthorityError, CertificateAuthority, CertificateError};
pub use url::Url;
