//! The reference server: small, in memory, Immich-compatible, and conforming
//! where Immich is not.
//!
//! It is a target like any other: the harness knows it only over HTTP. What
//! it checks and decides stands in its rules, by name, so that a [`Defect`]
//! can put something wrong in the place of one of them. It shares no code
//! with the provider.

mod account;
mod administration;
mod authorization_response;
mod backchannel;
mod callback;
mod client_authentication;
mod configuration;
mod cookies;
mod defect;
mod discovery;
mod fetch;
mod foreign_key;
mod id_token;
mod key_set;
mod login_page;
mod mistake;
mod mistaken_flow;
mod mobile_override;
mod picture;
mod replicas;
mod reply;
mod rules;
mod server;
mod sign_in;
mod sign_out;
mod state;
mod token_check;
mod token_request;
mod userinfo;

pub use defect::{DEFECTS, Defect};
pub use server::{ReferenceOptions, ReferenceServer, StartError};
