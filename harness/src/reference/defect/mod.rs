//! Bugs that can be planted, from real ones where one is known. Each puts
//! something wrong in the place of one rule or leaves out one check.
//!
//! A new one is an entry in the file of its family, and nothing else.

mod account;
mod authorization;
mod id_token;
mod list;
mod logout;
mod provider;
mod settings;
mod token;
mod userinfo;

pub use list::{DEFECTS, Defect};
