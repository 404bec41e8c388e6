//! The strict vocabulary of the protocol: what requests say and what honest
//! answers are. No I/O, and nothing that misbehaves.

mod client_credentials;
mod error;
mod metadata;
mod parameters;
mod pkce;

pub(crate) use client_credentials::ClientCredentials;
pub(crate) use error::OAuthError;
pub(crate) use metadata::metadata;
pub(crate) use parameters::Parameters;
pub(crate) use pkce::fits;
