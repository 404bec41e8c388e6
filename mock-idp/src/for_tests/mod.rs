//! A provider for one test: started in a line, signed in at as a browser does,
//! looked at afterwards.
//!
//! [`MockIdp`] is an issuer with one client and a [`Provider`](crate::Provider)
//! below it; everything it does, these two do. What a person sees in a browser
//! is for `by_hand`.

mod builder;
mod error;
mod misbehavior;
mod mock_idp;
mod startup;
mod user;
mod user_agent;

pub use builder::Builder;
pub use error::{MockIdpError, SignInError};
pub use misbehavior::Unnoticed;
pub use mock_idp::MockIdp;
pub use user::User;
