//! What goes between the server and the provider, taken apart and believed in
//! nothing yet. What is believed stands in `rules`.

mod answer;
mod client_authentication;
mod jwt;
mod key;
mod metadata;
mod mobile_override;
mod token_check;

pub use answer::{Answer, FetchError, Purpose, Trust};
pub use client_authentication::{ClientIdentity, Credentials, basic, credentials, post};
pub use jwt::{Jwt, TOLERANCE, is_another_kind, is_audience, is_hash, parse, seconds, time};
pub use key::{ForeignKey, decoding_key, is_meant, is_named};
pub use metadata::{Metadata, discovery_url, is_issuer_of};
pub use mobile_override::{Override, mobile_override};
pub use token_check::{
    ALGORITHM, AUDIENCE, CRITICAL, Expectation, HAS_EXPIRY, ISSUED_AT, ISSUER, TokenCheck, TokenChecks,
};
