//! Plays scenarios against a target and says what came of them.
//!
//! [`Run`] is the whole: it schedules tests over [`Worker`]s, each with its
//! own provider, and makes a [`crate::report::Report`]. How that is shown is
//! for [`crate::report`].

mod play;
mod requirement;
mod run;
mod verdict;
mod worker;

pub use run::{Run, RunError, TargetChoice};
pub use verdict::{exit_code, judge};
pub use worker::{Worker, WorkerError, WorkerOptions};
