//! The server under test, over HTTP: the adapter, and what is known of it.
//!
//! [`Immich`] is the API; [`Access`] says how far a run may change the
//! settings; [`Capabilities`] say what the server has; a [`Baseline`] says what
//! it is known to get wrong. The reference server is a target like any other.
//! What is put back, and how, is for [`crate::guard`].

mod access;
mod account;
mod answer;
mod api_key;
mod baseline;
mod baseline_file;
mod capabilities;
mod configuration_file;
mod error;
mod immich;
mod setting;
mod settings;

pub use access::Access;
pub use account::{Account, NewAccount};
pub use api_key::ApiKey;
pub use baseline::{Baseline, Cause, Known, KnownResult, Place, SEVERITIES};
pub use capabilities::Capabilities;
pub use configuration_file::ConfigurationFile;
pub(crate) use configuration_file::{parse as parse_configuration, rest};
pub use error::TargetError;
pub use immich::Immich;
pub use setting::{SETTINGS, Setting, SettingKind, named_settings, setting};
pub use settings::Sections;
pub(crate) use settings::{desired, differences, lay_over, sections_of};
