//! The gate before every way out: what a run knows to be secret is labelled
//! before anybody reads it, in reports and on standard error alike.
//!
//! A secret becomes a label such as `[client secret]` or `[code 2]`; equal
//! secrets have equal labels, so that a reader still sees that two are the
//! same. Secrets are known by their values, wherever these stand and however
//! they are encoded, and by the names of the fields that hold them; what a server
//! calls them is said at its birth by its adapter ([`ServerNames`]). JWTs lose
//! their signatures, and settings documents are left out.
//!
//! What a text becomes in a terminal or in XML is for `escape.rs`.

mod encoding;
mod exchange;
mod field;
mod kind;
mod known_secrets;
mod names;
mod search;
mod secrets;
mod text;

pub use kind::SecretKind;
pub use names::ServerNames;
pub use secrets::Secrets;
