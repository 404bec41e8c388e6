//! One issuer: a path of the provider with its client, end-users, settings and
//! deviations.
//!
//! A [`Registration`] opens it, and an [`Issuer`] is the handle to it. Answering
//! requests is for [`crate::endpoint`]; [`crate::logout_token`] creates logout
//! tokens, which are not answers.

mod handle;
mod keys;
mod registration;
mod state;

pub use handle::Issuer;
pub use registration::Registration;
pub(crate) use state::{Asked, Origins, State};
