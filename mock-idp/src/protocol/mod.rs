//! The strict vocabulary of the protocol: what requests say and what honest
//! answers are. No I/O, and nothing that misbehaves.

mod authorization_header;
mod client_credentials;
mod error;
mod headers;
mod metadata;
mod parameters;
mod pkce;

pub(crate) use authorization_header::credentials;
pub(crate) use client_credentials::ClientCredentials;
pub(crate) use error::OAuthError;
pub(crate) use headers::header_pairs;
pub(crate) use metadata::{Names, metadata};
pub(crate) use parameters::Parameters;
pub(crate) use pkce::{fits, hashed};
