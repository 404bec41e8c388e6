//! Profiles: what products that people use look like to a relying party.
//!
//! A profile is data: a file per product beside this one, every value with
//! its source, so that a wrong fact is a one-line fix. It gives provider
//! settings, quirks and overlays, which are all that a provider knows; here
//! they are read and no more. To add one, write its file and name it in
//! [`PROFILES`].

mod document;
mod fact;
mod list;

pub use document::{Profile, ProfileError, Unlike};
pub use fact::Fact;
pub use list::{PROFILES, profile};
