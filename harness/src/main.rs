//! Starts the harness.
fn main() {}
