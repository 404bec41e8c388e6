//! The honest sign-in before a run: an end-user of the run signs in by a
//! provider that does nothing wrong. Where that fails, every test would, so the
//! run says once why.
//!
//! It is the last check before a run, and the first change to the target, so it
//! is played like any scenario, under the guard of the journal.

mod cause;
mod course;
mod play;
mod unreached;

pub(super) use play::sign_in;
