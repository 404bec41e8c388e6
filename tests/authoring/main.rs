//! What authors use: `new`, `fmt`, `run --watch`, `explore`, completions and
//! the manual, as processes.

#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]
#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

mod editor;
mod explore;
mod fmt;
mod new;
mod process;
#[path = "../staging/server.rs"]
#[expect(dead_code, reason = "shared with tests that use more of it")]
mod server;
mod shell;
mod tutorial;
mod watch;
