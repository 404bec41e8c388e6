//! The server under test, over HTTP: the adapter, and what is known of it.
//!
//! [`Immich`] is the API; [`Access`] says how far a run may change the
//! settings; [`Capabilities`] say what the server has. The reference server is
//! a target like any other. What is put back, and how, is for [`crate::guard`];
//! what a server is known to get wrong, for [`crate::baseline`].

mod access;
mod account;
mod answer;
mod api;
mod api_key;
mod capabilities;
mod configuration_file;
mod error;
mod known_accounts;
mod route;
mod secret_names;
mod session;
mod setting;
mod settings;

pub use access::Access;
pub use account::{Account, NewAccount};
pub(crate) use answer::member;
pub use api::Immich;
pub use api_key::ApiKey;
pub use capabilities::Capabilities;
pub use configuration_file::ConfigurationFile;
pub(crate) use configuration_file::{parse as parse_configuration, rest};
pub use error::TargetError;
pub use route::ApiRoute;
pub use secret_names::SECRET_NAMES;
pub(crate) use session::{SESSION_COOKIE, session_account, session_tokens};
pub use setting::{SETTINGS, Setting, SettingKind, named_settings, setting};
pub use settings::Sections;
pub(crate) use settings::{desired, differences, fitted, lacking, lay_over, sections_of, unshared};
