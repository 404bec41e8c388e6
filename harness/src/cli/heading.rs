//! The groups of flags in the help of commands.

/// Which tests are played.
pub(super) const TESTS: &str = "Tests";

/// The server under test.
pub(super) const SERVER: &str = "Server";

/// The provider behind it.
pub(super) const PROVIDER: &str = "Provider";

/// The built-in server.
pub(super) const REFERENCE: &str = "Reference server";

/// What makes a run red, and how it is shown.
pub(super) const RESULT: &str = "Result";
