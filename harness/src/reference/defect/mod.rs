//! Bugs that can be planted, from real ones where one is known. Each puts
//! something wrong in the place of one rule or leaves out one check.
//!
//! A new one is an entry in the file of its family, and nothing else.

mod account;
mod authorization;
mod family;
mod id_token;
mod improvement;
mod list;
mod logout;
mod mistake;
mod mistaken_flow;
mod provider;
mod session;
mod settings;
mod token;
mod userinfo;

pub use family::Defect;
pub use list::{DEFECTS, improvements, plant};
