//! What authors use: `new`, `fmt`, `run --watch`, `explore`, completions and
//! the manual, as processes.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

mod editor;
#[path = "../environment.rs"]
mod environment;
mod explore;
mod fmt;
mod new;
mod process;
#[path = "../staging/server.rs"]
#[expect(dead_code, reason = "shared with tests that use more of it")]
mod server;
mod shell;
#[path = "../skipped.rs"]
mod skipped;
#[cfg(target_os = "linux")]
mod terminal;
mod tutorial;
mod watch;
