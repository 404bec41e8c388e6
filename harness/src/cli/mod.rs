//! The command line: what was typed, and which part of the library does it.
//!
//! The only place that prints. Results go to standard output, complaints to
//! standard error; see [`crate::exit_code`] for how it ends.

mod api_key;
mod arrival;
mod ca;
mod check;
mod command_line;
mod dialect_file;
mod diff;
mod doctor;
mod explain;
mod explore;
mod flag;
mod fmt;
mod generate;
mod github_actions;
mod help;
mod idp;
mod judging;
mod list;
mod new;
mod output;
mod progress;
mod provider_url;
mod reference;
mod report;
mod report_destination;
mod restore;
mod run;
mod server;
mod target;
mod test_flags;
mod typed;
mod variables;
mod watch;

pub use command_line::CommandLine;
pub(crate) use output::{complain, fail, unread};
pub(crate) use run::left;
pub(crate) use server::{TARGET, tell_of_preparation};
pub(crate) use test_flags::TestFlags;
