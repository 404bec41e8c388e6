//! The provider served for a person: one issuer with a page to sign in, a
//! page to look at what went over the wire, and calls to change things.
//!
//! [`Arguments`] say what is wanted; [`Service`] is the running provider.
//! Everything here is for people and their scripts: what relying parties see
//! is made by the endpoints, and stays as it is without this module. The page
//! to sign in is one of theirs.

mod arguments;
mod console;
mod context;
mod control;
mod end_users;
mod error;
mod exchange_view;
mod index_page;
mod inspector;
mod instants;
mod refusal;
mod service;

pub use arguments::Arguments;
pub use console::Console;
pub use context::HttpClient;
pub use error::ServeError;
pub use refusal::Remedies;
pub use service::Service;
