//! The guard of a server: its original settings, the journal that is written
//! before each change, and the restore.
//!
//! [`Session::begin`] takes a server over; [`Session::restore`] gives it back,
//! and [`restore`] does so for a run that was killed. What is sent to the
//! server is for [`crate::target`].

mod fault;
mod journal;
mod restore;
mod session;

pub use fault::StepFault;
pub use journal::{Journal, JournalError, Unfinished};
pub use restore::{Restored, restore};
pub use session::{Applied, Session};
