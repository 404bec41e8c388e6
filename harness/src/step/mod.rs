//! What can happen in a scenario: one file per step, and the list of them.
//!
//! A step is data (decoded from the file, described by its doc comments) and
//! an action on a [`crate::stage::World`]. Its result is an [`crate::stage::Observation`], which
//! [`crate::expect`] checks.

mod action;
mod advance_clock;
mod backchannel_logout;
mod callback;
mod configure;
mod create_account;
mod create_api_key;
mod delete_account;
mod flow;
mod form_post;
mod link;
mod list;
mod logout;
mod mobile_redirect;
mod password_sign_in;
mod permitted_headers;
mod provider;
mod request;
mod restart_browser;
mod restart_server;
mod sign_in;
mod start_sign_in;
mod tamper;
mod unlink;

pub use action::{Action, Begun, Head, ProviderChange, References};
pub use list::{ACTIONS, StepShape};
pub use permitted_headers::HeadError;
pub(crate) use permitted_headers::{check_header, check_method};
pub use tamper::{CallbackChange, Tamper};
