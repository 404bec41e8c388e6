//! The report for people, on a terminal of 80 columns. Text in, text out.
//!
//! While a run lasts, [`Live`] has a line for a failed test; at the end,
//! [`ending`] prints each problem once.

mod block;
mod ending;
mod excerpt;
mod live;

pub use block::failed_test;
pub(super) use ending::HUMAN;
pub use ending::headlines;
pub use live::Live;
