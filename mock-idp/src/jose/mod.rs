//! Keys, key sets and signatures (RFC 7515, RFC 7517, RFC 7518).
//!
//! Signing takes a finished draft and signs what it says, be it right or
//! wrong. Checking is for tokens that come back to the provider; that those
//! which go out are right is for others to check.

#[cfg(feature = "tls")]
mod certificate;
mod error;
#[cfg(feature = "fresh-keys")]
mod fresh;
mod jwe;
mod jws;
mod key;
mod key_pool;
mod published_key_set;
mod signing;
mod verification;

pub use error::{KeyError, SignError};
pub use jws::sign;
pub use key::{SigningKey, pem};
pub(crate) use key_pool::SETS;
pub use key_pool::{KeyPool, KeySet, KeySource};
pub(crate) use published_key_set::PublishedKeySet;
pub use signing::{Form, Jose, Seal};
pub(crate) use verification::{verified, verified_by};
