//! `oidc-harness explain`.

use clap::Args;
use indexmap::IndexMap;

use super::output::{fail, own_or_built_in, print};
use crate::diagnostic::did_you_mean;
use crate::escape::terminal_lines;
use crate::exit::ExitCode;
use crate::explain::{Category, Explanation, case, entries, find};
use crate::scenario::test_name;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A quirk, profile, step, key, expectation, matcher, placeholder, setting,
    /// level, flag, defect, requirement, field failure, result, exit code, scenario or case;
    /// or a message of the server's log.
    #[arg(required = true)]
    name: Vec<String>,
}

pub(super) fn execute(arguments: &Arguments, command: &clap::Command) -> ExitCode {
    // `explain exit code 3`, `explain certificate has expired` and `explain RFC 9207 §2.4` need no quotes.
    let name = arguments.name.join(" ");
    // One's own file, or a case of it, is explained as well as those in the binary.
    let (place, one) = name.split_once("::").map_or((name.as_str(), None), |(place, one)| (place, Some(one)));
    let (is_own, catalogue) = match own_or_built_in(place) {
        Ok(found) => found,
        Err(code) => return code,
    };
    let own = catalogue.scenarios.first().filter(|_| is_own);
    let test = own.map_or_else(|| name.clone(), |scenario| test_name(&scenario.name, one));
    if let Some(case) = case(&catalogue, &test) {
        print(&terminal_lines(&case.to_string()));
        return ExitCode::Good;
    }
    let entries = [entries(&catalogue), flags(command)].concat();
    match find(&entries, &name) {
        Ok(found) => {
            print(&terminal_lines(&found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")));
            ExitCode::Good
        }
        Err(near) => {
            let help = match near.as_slice() {
                [] => "`oidc-harness list` and `oidc-harness quirks` list scenarios and quirks".to_owned(),
                near => did_you_mean(near.join("`, `")),
            };
            fail(&format!("no explanation for `{name}`"), Some(&help), ExitCode::Usage)
        }
    }
}

/// The flags of all commands; flags that several commands share appear once.
fn flags(command: &clap::Command) -> Vec<Explanation> {
    let mut flags: IndexMap<(String, String), Vec<&str>> = IndexMap::new();
    for command in command.get_subcommands() {
        for flag in command.get_arguments() {
            let text = flag.get_help().map(ToString::to_string);
            if let (Some(long), Some(text)) = (flag.get_long(), text) {
                flags.entry((format!("--{long}"), text)).or_default().push(command.get_name());
            }
        }
    }
    let entry = |((name, text), commands): ((String, String), Vec<&str>)| {
        Explanation::new(Category::Flag, name, format!("{}.", text.trim_end_matches('.')))
            .fact("of", commands.join(", "))
    };
    flags.into_iter().map(entry).collect()
}
