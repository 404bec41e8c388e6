//! The variables of the environment that flags have: a misspelt one would
//! change nothing, and a CI job would test another server than the one it
//! names.

use std::collections::BTreeSet;

use clap::Command;

use super::api_key;
use super::output::fail;
use crate::diagnostic::{closest, did_you_mean};
use crate::exit_code::ExitCode;

/// How all of them begin.
const PREFIX: &str = "OIDC_HARNESS_";

/// Complains about a variable that no flag has.
pub(super) fn check(command: &Command) -> Result<(), ExitCode> {
    let flags = command.get_subcommands().flat_map(Command::get_arguments);
    let known: BTreeSet<String> = flags
        .filter_map(|flag| Some(flag.get_env()?.to_string_lossy().into_owned()))
        .chain([api_key::KEY.to_owned()])
        .collect();
    let set = std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned());
    let Some(unknown) = set.filter(|name| name.starts_with(PREFIX)).find(|name| !known.contains(name)) else {
        return Ok(());
    };
    let help = closest(&unknown, known.iter().map(String::as_str))
        .map_or_else(|| "`oidc-harness run --help` names all variables; remove this one".to_owned(), did_you_mean);
    Err(fail(&format!("unknown variable {unknown}"), Some(&help), ExitCode::Usage))
}
