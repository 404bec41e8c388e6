#![doc = include_str!("../README.md")]

#[cfg(test)]
mod arbitrary;
pub mod by_hand;
mod clock;
mod connections;
mod decoded_token;
mod document;
mod end_user;
mod endpoint;
mod entry;
mod for_tests;
mod head;
mod interactive;
mod interruption;
mod issuer;
mod issuers;
mod jose;
mod journal;
mod logout_token;
mod message;
mod packed_entry;
mod person;
mod placeholder;
mod profile;
mod protocol;
mod publication;
mod quirk;
mod redaction;
mod registration;
mod routing;
mod server;
mod settings;
mod store;
mod suggestion;
mod tls;

pub use clock::Clock;
pub use connections::Limits;
pub use decoded_token::DecodedToken;
pub use end_user::EndUser;
pub use entry::Entry;
pub use for_tests::{Builder, MockIdp, MockIdpError, SignInError, Unnoticed, User};
pub use interruption::Interruption;
pub use issuer::Issuer;
pub use jose::{KeyError, KeySource, SignError};
pub use journal::{Forgotten, Journal, Mark};
pub use logout_token::{LogoutTokenError, LogoutTokenRequest};
pub use message::{Member, Message, Topic};
pub use profile::{Fact, PROFILES, Profile, ProfileError, Unlike, profile};
pub use protocol::{Algorithm, Client, ClientAuthentication, CodeChallengeMethod, Endpoint};
pub use quirk::{
    Argument, Conflict, Deviations, Keys, Overlay, OverlayError, Parameter, QUIRKS, Quirk, QuirkError, Scene, Touch,
    quirk,
};
pub use registration::Registration;
pub use server::{OpenError, Provider, ProviderOptions, PublicUrlError, StartError, public_url};
pub use settings::{
    Alphabet, ClaimsIn, DiscoverySettings, JwkMember, KeyIds, LogoutTokens, PROTOCOL_CLAIMS, Paths, Pkce,
    ProviderSettings, PublishedKeys, RedirectMatching, SettingsError,
};
pub use suggestion::{closest, did_you_mean};
pub use tls::{AuthorityError, CertificateAuthority, CertificateError, Tls};
pub use url::Url;
