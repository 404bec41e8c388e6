//! A browser of its own, and how it finds a provider whose public name leads
//! elsewhere. What an answer means is for [`crate::step`] and
//! [`crate::expect`].

mod browser;
mod cookie_jar;
mod request;
mod route;

pub use browser::UserAgent;
pub(crate) use request::is_sendable;
pub use request::{Body, Request};
pub use route::{Route, Routes, other_origin, path_at};
