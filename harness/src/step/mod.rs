//! What can happen in a scenario: one file per step, and the list of them.
//!
//! A step is data (decoded from the file, described by its doc comments) and
//! a deed against a [`World`]. What came of it is an [`Observation`]; whether
//! that is right is for [`crate::expect`] to say.

mod advance_clock;
mod backchannel_logout;
mod browser;
mod callback;
mod configure;
mod create_account;
mod flow;
mod form_post;
mod link;
mod list;
mod logout;
mod memory;
mod mobile_redirect;
mod observation;
mod password_sign_in;
mod provider;
mod request;
mod sent;
mod sign_in;
mod start_sign_in;
mod tamper;
mod unlink;
mod world;

pub use configure::Configure;
pub use flow::Client;
pub use list::{Action, StepShape};
pub use memory::{Memories, Memory};
pub use observation::{Kind, Observation, StepError};
pub use sent::Sent;
pub use tamper::Tamper;
pub use world::{Setting, World};
