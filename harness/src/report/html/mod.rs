//! The report as a page: one file that needs no network and no script, made
//! from the report alone.
//!
//! [`first_screen`] says what came of it, [`sign_in`] why no test was worth its time,
//! [`problem_list`] what the server does
//! wrong, [`reasons`] why other tests did not pass, [`matrix`] where; [`scenario`]
//! shows each test with its file ([`toml`]) and what went over the wire
//! ([`swim_lane`], [`hop`]). A little script filters; without it, the page shows
//! everything too.

mod difference;
mod first_screen;
mod hop;
mod matrix;
mod members;
mod page;
mod problem_list;
mod reasons;
mod report_page;
mod scenario;
mod sign_in;
mod swim_lane;
mod toml;
mod tone;
mod topics;

pub use difference::difference_page;
pub(crate) use page::{prose, shell};
pub use report_page::PAGE;
