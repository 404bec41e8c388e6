//! The house style of scenario files: the order of tables and keys, aligned
//! values, one blank line where one is due.
//!
//! Layout only: what a file means is for [`crate::scenario`], and whether it
//! means anything; a file that is TOML can be formatted. Comments stay with
//! what they stand above or beside.

mod file;
mod layout;
mod order;
mod section;
mod value;

pub use file::format;
