//! `oidc-harness check`.

use std::path::PathBuf;

use clap::Args;

use super::output::{catalogue, complain, print, render};
use crate::exit::ExitCode;
use crate::plural::counted;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Scenario files or folders.
    #[arg(default_value = "scenarios")]
    paths: Vec<PathBuf>,
}

pub(super) fn execute(arguments: &Arguments) -> ExitCode {
    let catalogue = match catalogue(&arguments.paths) {
        Ok(catalogue) => catalogue,
        Err(code) => return code,
    };
    if !catalogue.broken.is_empty() {
        complain(render(&catalogue.broken).trim_end());
        return ExitCode::Usage;
    }
    let scenarios = counted(catalogue.scenarios.len(), "scenario", "scenarios");
    let tests = counted(catalogue.tests(), "test", "tests");
    print(&format!("{scenarios}, {tests}: nothing is wrong\n"));
    ExitCode::Good
}
