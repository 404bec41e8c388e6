//! The strict vocabulary of the protocol: what requests say and what honest
//! answers are. No I/O, and nothing that misbehaves.

mod algorithm;
mod client;
mod endpoint;
mod headers;
mod parameters;
mod pkce;
mod registered;

pub use algorithm::Algorithm;
pub use client::{Client, ClientAuthentication};
pub(crate) use client::{ClientCredentials, is_same_secret};
pub use endpoint::Endpoint;
pub(crate) use headers::{basic_text, credentials, header_pairs};
pub(crate) use parameters::{Parameters, first_named, text_of};
pub use pkce::CodeChallengeMethod;
pub(crate) use pkce::{hashed_challenge, is_challenge, verifier_fits};
pub(crate) use registered::{LOGOUT_EVENT, OAuthError, OFFLINE_ACCESS, OPENID, is_scope_list, scopes};
