//! A test that cannot be run here says so, and fails where everything has to
//! be there.

use std::io::Write;

/// The variable by which CI demands that every program that tests use is
/// installed: `all`.
pub const NEED: &str = "CONFORMANCE_TESTS_NEED";

/// Whether everything has to be there.
pub fn is_all_needed() -> bool {
    std::env::var_os(NEED).is_some_and(|value| value == "all")
}

/// Tells what this machine does not permit, past libtest, which shows nothing
/// of a test that passes.
#[allow(dead_code, reason = "not every test asks for what may be forbidden")]
pub fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// The same of something that can be installed.
///
/// # Panics
/// If everything has to be there.
#[allow(dead_code, reason = "not every test asks for what can be installed")]
pub fn missing(what: &str) {
    assert!(!is_all_needed(), "{what}, and {NEED}=all demands it");
    let _ = writeln!(std::io::stderr(), "skipped: {what}; {NEED}=all makes that a failure");
}
