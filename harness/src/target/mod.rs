//! The server under test, over HTTP: the adapter, the guard around its
//! settings, and what is known of it.
//!
//! [`Immich`] is the API; [`Session`] changes settings as far as [`Access`]
//! goes and puts them back, with a [`Journal`] written ahead; [`Capabilities`] say what the server has.
//! The reference server is a target like any other.

mod access;
mod account;
mod answer;
mod api_key;
mod capabilities;
mod configuration_file;
mod error;
mod immich;
mod journal;
mod preflight;
mod restore;
mod session;
mod setting;
mod settings;

pub use access::Access;
pub use account::{Account, NewAccount};
pub use api_key::ApiKey;
pub use capabilities::Capabilities;
pub use configuration_file::ConfigurationFile;
pub(crate) use configuration_file::parse as parse_configuration;
pub use error::{StepFault, TargetError};
pub use immich::Immich;
pub use journal::{Journal, JournalError, Unfinished};
pub(crate) use preflight::key as prove_key;
pub use preflight::{Consents, Preflight, PreflightCheck, preflight};
pub use restore::{Restored, restore};
pub use session::{Applied, Session};
pub use setting::{SETTINGS, Setting, SettingKind, named_settings, setting};
pub use settings::Sections;
