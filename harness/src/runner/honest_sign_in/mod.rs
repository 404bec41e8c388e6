//! The honest sign-in before a run: an end-user of the run signs in by a
//! provider that does nothing wrong. If that fails, every test would fail, so
//! the run explains the cause once.
//!
//! It is the last check before a run, and the first change to the target. The
//! run therefore plays it like a scenario, under the guard of the journal.

mod cause;
mod course;
mod play;
mod unreached;

pub(super) use play::sign_in;
