//! Dialect files: [`parse`] reads one, and [`sketch`] writes a first one for a
//! server. What a dialect does is for [`crate::immich::Dialect`].

mod reading;
mod route_fault;
mod sketch;

pub use reading::parse;
pub use sketch::sketch;
