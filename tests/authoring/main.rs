//! What authors use: `new`, `fmt`, `run --watch`, `explore`, completions and
//! the manual, as processes.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

mod editor;
mod explore;
mod fix;
mod fmt;
mod new;
mod process;
mod shell;
#[cfg(target_os = "linux")]
mod terminal;
mod tutorial;
mod watch;
