//! The server under test, over HTTP: the adapter, and what is known of it.
//!
//! [`Immich`] is the API; [`Access`] says how far a run may change the
//! settings; [`Capabilities`] say what the server has. The reference server is
//! a target like any other. [`crate::guard`] restores a server; what a server
//! is known to get wrong, for [`crate::baseline`].

mod access;
mod account;
mod accounts;
mod advice;
mod answer;
mod api;
mod api_key;
mod app_address;
mod assignment;
mod beginning;
mod capabilities;
mod client_settings;
mod configuration_file;
mod dialect;
mod environment_file;
mod error;
mod flow;
mod inquiry;
mod known_accounts;
mod known_settings;
mod member;
mod no_answer;
mod outage;
mod redirect_uri;
mod remedy;
mod required_route;
mod restart_command;
mod route;
mod secrets;
mod session;
mod settings_document;
mod settings_in_force;
mod settings_routes;
mod shared_listing;
mod sign_in_settings;
mod token_candidate;
mod unjudged;
mod variable_fault;
mod wanted_settings;

pub use access::Access;
pub use account::{ACCOUNT_MEMBERS, Account, NewAccount};
pub(crate) use account::{ACCOUNT_TEXT, UNIQUE_MEMBERS};
pub use api::Immich;
pub use api_key::ApiKey;
pub(crate) use api_key::{api_key_body, api_key_header, new_api_key};
pub(crate) use app_address::{way_to_app, with_all_slashes};
pub(crate) use assignment::is_variable;
pub use beginning::Beginning;
pub use capabilities::Capabilities;
pub(crate) use client_settings::{
    ClientSettings, ISSUER_SETTING, StandingClient, client_id_of, client_secret_of, issuer_in_use, issuer_of,
    names_issuer,
};
pub use configuration_file::ConfigurationFile;
pub(crate) use configuration_file::parse as parse_configuration;
pub use dialect::{
    CallbackMembers, Dialect, ErrorMembers, MetadataAddress, SectionNames, SettingNames, StatusMeaning,
    schema as dialect_schema,
};
pub use environment_file::SettingVariables;
pub use error::TargetError;
pub use flow::AppSecrets;
pub(crate) use flow::{authorization_url, authorize_body, callback_body, end_session_url};
pub use known_settings::{Concern, SETTINGS, Scalar, Setting, setting};
pub use no_answer::NoAnswer;
pub(crate) use outage::Outage;
pub use redirect_uri::RedirectUri;
pub(crate) use redirect_uri::instructions;
pub(crate) use remedy::{SettingLabel, in_words_of, remedy};
pub use restart_command::RestartCommand;
pub use route::ApiRoute;
use route::id_in;
pub use secrets::SECRET_NAMES;
pub(crate) use secrets::{SESSION_COOKIE, beside_permitted};
pub(crate) use session::{is_administrators, refuses_with_session_cookies, session_account, session_tokens};
pub use settings_document::Sections;
pub(crate) use settings_document::{OAUTH, desired, differences, fitted, lacking, lay_over, sections_of, unshared};
pub use settings_routes::SettingsRoutes;
pub use sign_in_settings::SignInSettings;
pub(crate) use token_candidate::{tickets, token_candidates};
pub use variable_fault::VariableFault;
pub use wanted_settings::WantedSettings;
pub(crate) use wanted_settings::is_section;
