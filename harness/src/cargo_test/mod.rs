//! The harness in the `cargo test` of a server's own repository, or of an empty
//! crate beside it: each case of each scenario is a test with a name.
//!
//! [`CargoTest`] is what the test file says. The tests of one process share one
//! run, with one preflight and one restore, at a server that may be started for
//! it. This module plays nothing and reads no flags: [`crate::runner`] and
//! [`crate::cli`] do.

mod shared_run;
mod started_server;
mod suite;
mod test_result;

pub use suite::{CargoTest, cargo_test};
