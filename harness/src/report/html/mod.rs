//! The report as a page: one file that needs no network and no script, made
//! from the report alone.
//!
//! [`first_screen`] says what came of it, [`matrix`] where, [`scenario`] shows
//! each test with its file ([`toml`]) and what went over the wire
//! ([`swim_lane`], [`hop`]). A little script filters; without it, everything
//! is there all the same.

mod difference;
mod first_screen;
mod hop;
mod matrix;
mod members;
mod page;
mod report_page;
mod scenario;
mod size_limit;
mod swim_lane;
mod toml;
mod tone;
mod topics;

pub use difference::difference_page;
pub use report_page::PAGE;
