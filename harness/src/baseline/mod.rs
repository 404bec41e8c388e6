//! What one server is known to do otherwise than a scenario asks for, each with
//! its reason, its reference, and the checks that fail.
//!
//! [`Baseline`] is a file of such entries. An entry covers exactly what was
//! measured: another failed check, or another value, is not known. Nothing is
//! played here, and nothing is judged.

mod file;
mod file_keys;
mod fingerprint;
mod known;
mod pinned;
mod reader;

pub use file_keys::schema;
pub use fingerprint::Fingerprint;
pub use known::{Baseline, Cause, EntryPlace, Known, KnownResult};
pub use pinned::{Pinned, SETTINGS_STEP};
