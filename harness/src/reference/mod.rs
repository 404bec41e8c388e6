//! The reference server: small, in memory, Immich-compatible, and conforming
//! where Immich is not.
//!
//! It is a target like any other: the harness knows it only over HTTP. What
//! it checks and decides stands in `rules`, by name, so that a [`Defect`] can
//! put something wrong in the place of one of them. It shares no code with
//! the provider.
//!
//! Each of its parts knows only those before it: `reply`, `state`, `rules`,
//! `defect`, `version`, `instance`, `oauth_client`, `endpoint`, `server`.

mod cookies;
mod defect;
mod endpoint;
mod instance;
mod oauth_client;
mod reply;
mod rules;
mod server;
mod state;
mod version;

pub use defect::{DEFECTS, Defect, improvements};
pub use server::{ReferenceOptions, ReferenceServer, ReferenceStartError, Restarter, is_reference_key};
pub use state::SettingsSource;
pub use version::{NEWEST, known_version};
