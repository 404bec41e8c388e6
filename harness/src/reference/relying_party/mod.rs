//! The server as a client of the provider: discovery, authorization request
//! and response, token request, verification, `UserInfo`.
//!
//! It returns what the provider says of an end-user; what becomes of that
//! stands in `endpoint`.

mod authorization_request;
mod authorization_response;
mod discovery;
mod identity;
mod picture;
mod request;
mod token_request;
mod userinfo;
mod verification;

pub use authorization_response::Arrival;
pub use request::RelyingParty;
