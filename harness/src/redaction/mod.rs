//! Replaces the secrets of a run by labels in all output: in reports, on
//! standard output and on standard error.
//!
//! A label is, for example, `[client secret]` or `[code 2]`. Equal secrets have
//! equal labels, so a reader still sees that two are the same. The module
//! recognizes secrets by their values, in any place and encoding, and by the
//! names of the fields that hold them. The server's adapter gives its names
//! ([`ServerNames`]). JWTs lose their signatures; settings documents are omitted.
//!
//! `escape.rs` escapes text for a terminal or for XML.

mod encoding;
mod exchange;
mod field;
mod kind;
mod known_secrets;
mod labels;
mod names;
mod search;
mod secrets;
mod text;
mod value;

pub use kind::SecretKind;
pub use names::ServerNames;
pub use secrets::Secrets;
