//! The variables of the environment that flags have: a misspelt or empty one
//! would let a CI job test another server than the one it names.

use std::collections::BTreeSet;

use clap::Command;

use super::api_key;
use super::output::{complain, fail};
use crate::diagnostic::{closest, did_you_mean};
use crate::exit_code::ExitCode;

/// How all of them begin.
const PREFIX: &str = "OIDC_HARNESS_";

/// The first word of the prefix. Other programs have variables that begin with it.
const FIRST_WORD: &str = "OIDC";

/// The commands whose flags have such variables.
const READERS: &[&str] = &["run", "doctor", "explore", "restore"];

/// The same as [`check`], where the command with this name reads variables.
pub(super) fn check_for(name: &str, command: &Command) -> Result<(), ExitCode> {
    if READERS.contains(&name) { check(command) } else { Ok(()) }
}

/// Complains about a variable that no flag has, and about an empty one. Warns
/// about a name that is only close to one of ours: another program may read it.
pub(super) fn check(command: &Command) -> Result<(), ExitCode> {
    let flags = || command.get_subcommands().flat_map(Command::get_arguments);
    let with_variable = flags().filter_map(|flag| Some(flag.get_env()?.to_string_lossy().into_owned()));
    let known: BTreeSet<String> = with_variable.chain([api_key::KEY.to_owned()]).collect();
    let meant = |name: &str| closest(name, known.iter().map(String::as_str)).map(did_you_mean);
    for (name, value) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if known.contains(&name) {
            // Reading the key says so itself, where a run needs one.
            if value.is_empty() && name.starts_with(PREFIX) && name != api_key::KEY {
                let help = "set the variable to a value, or remove it";
                return Err(fail(&format!("the variable {name} is empty"), Some(help), ExitCode::Usage));
            }
        } else if let Some(rest) = name.strip_prefix(PREFIX) {
            let flag = rest.to_lowercase().replace('_', "-");
            let is_flag = flags().any(|one| one.get_long() == Some(&flag) && one.get_env().is_none());
            let help = if is_flag {
                format!("the flag --{flag} has no variable: remove the variable, and use the flag")
            } else {
                meant(&name)
                    .unwrap_or_else(|| "`oidc-harness run --help` names all variables; remove this one".to_owned())
            };
            return Err(fail(&format!("unknown variable {name}"), Some(&help), ExitCode::Usage));
        } else if name.starts_with(FIRST_WORD)
            && let Some(help) = meant(&name)
        {
            complain(&format!("warning: unknown variable {name}; {help}"));
        }
    }
    Ok(())
}
