//! The server as a client of the provider: it asks through
//! [`crate::relying_party`], and decides by its rules what counts of the
//! findings.
//!
//! It returns what the provider says of an end-user; what becomes of that
//! stands in `endpoint`.

mod authorization;
mod client;
mod discovery;
mod foreign_key;
mod identity;
mod tokens;
mod userinfo;
mod verification;

pub use authorization::Arrival;
pub use client::OAuthClient;
