//! The strict vocabulary of the protocol: what requests say and what honest
//! answers are. No I/O, and nothing that misbehaves.

mod algorithm;
mod authorization_header;
mod client_authentication;
mod client_credentials;
mod endpoint;
mod error;
mod headers;
mod logout_event;
mod parameters;
mod pkce;
mod scope;
mod secret;

pub use algorithm::Algorithm;
pub(crate) use authorization_header::{basic_text, credentials};
pub use client_authentication::ClientAuthentication;
pub(crate) use client_credentials::ClientCredentials;
pub use endpoint::Endpoint;
pub(crate) use error::OAuthError;
pub(crate) use headers::header_pairs;
pub(crate) use logout_event::LOGOUT_EVENT;
pub(crate) use parameters::{Parameters, first_named, text_of};
pub use pkce::CodeChallengeMethod;
pub(crate) use pkce::{hashed_challenge, is_challenge, verifier_fits};
pub(crate) use scope::{OPENID, is_scope_list, scopes};
pub(crate) use secret::is_same_secret;
