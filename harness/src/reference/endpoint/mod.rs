//! The routes of the server, one file for each family.

mod administration;
mod backchannel;
mod configuration;
mod end_user;
mod link;
mod oauth;
mod routes;
mod sign_in;
mod sign_out;

pub use routes::routes;
