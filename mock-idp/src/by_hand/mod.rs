//! The provider served for a person: one issuer with a page to sign in, a
//! page to look at what went over the wire, and calls to change things.
//!
//! [`Arguments`] say what is wanted; [`Service`] is the running provider.
//! Everything here is for people and their scripts: what relying parties see
//! is made by the endpoints, and stays as it is without this module.

mod arguments;
mod attendance;
mod browser_cookie;
mod cast;
mod control;
mod desk;
mod door;
mod error;
mod exchange_view;
mod inspector;
mod page;
mod service;
mod sign_in;
mod sign_in_page;
mod state;
mod words;

pub use arguments::Arguments;
pub use attendance::Attendance;
pub use desk::HttpClient;
pub use error::ServeError;
pub(crate) use page::{headers as page_headers, notice};
pub use service::Service;
pub(crate) use sign_in::{Outcome, SECRET, Visit, receive};
pub(crate) use state::ByHand;
