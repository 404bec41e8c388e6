//! `oidc-harness explain`.

use std::io::{self, IsTerminal, Read};

use clap::Args;
use indexmap::IndexMap;

use super::output::{fail, own_or_built_in, print};
use crate::diagnostic::did_you_mean;
use crate::escape::terminal_lines;
use crate::exit_code::ExitCode;
use crate::explain::{Category, Explanation, Library, Recognised, case, entries, find};
use crate::paragraph::{WIDTH, clipped};
use crate::scenario::{Scenario, test_name};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A word, a scenario, or a message; `-` reads a whole log from standard input
    ///
    /// A word is the name of a quirk, profile, step, key, expectation, matcher,
    /// placeholder, setting, level, flag, defect, requirement, field failure,
    /// result, exit code, scenario or case. A message is one that the server, its
    /// log or the provider shows.
    name: Vec<String>,
}

pub(super) fn execute(arguments: &Arguments, command: &clap::Command) -> ExitCode {
    // `explain exit code 3`, `explain certificate has expired` and `explain RFC 9207 §2.4` need no quotes.
    let Some(name) = asked(&arguments.name) else {
        let help = "pass a word or a message, or `-` to read a log from standard input";
        return fail(&"nothing to explain", Some(help), ExitCode::Usage);
    };
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
    let scenario = own.or_else(|| catalogue.scenarios.iter().find(|known| known.name == place));
    if let (Some(scenario), Some(one)) = (scenario, one) {
        return no_such_case(scenario, one);
    }
    let entries = [entries(&catalogue), flags(command)].concat();
    let library = Library::new();
    // A log is not one name.
    let known = if name.contains('\n') { Err(Vec::new()) } else { find(&entries, &name) };
    let told: Vec<String> = match known {
        Ok(found) => found.iter().map(ToString::to_string).collect(),
        Err(near) => match library.recognise(&name).as_slice() {
            [] => return unknown(&name, &near),
            found => found.iter().map(|one: &Recognised<'_>| one.tell(&catalogue)).collect(),
        },
    };
    print(&terminal_lines(&told.join("\n")));
    ExitCode::Good
}

/// What is to be explained, from the command line or from standard input; nothing
/// if neither has it.
fn asked(words: &[String]) -> Option<String> {
    let is_piped = match words {
        [] => !io::stdin().is_terminal(),
        words => words == ["-"],
    };
    let text = if is_piped { piped() } else { words.join(" ") };
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The text on standard input, in whatever encoding a log has.
fn piped() -> String {
    let mut bytes = Vec::new();
    // What came before a failure may have the message.
    let _ = io::stdin().read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Says that no name and no message is like that.
fn unknown(name: &str, near: &[&str]) -> ExitCode {
    let help = match near {
        [] => "`oidc-harness list` lists all tests, `oidc-harness list quirks` all quirks. From a log, paste the line \
               with `ERROR` or `[cause]`"
            .to_owned(),
        near => did_you_mean(near.join("`, `")),
    };
    fail(&format!("unknown word or message `{}`", clipped(name, WIDTH)), Some(&help), ExitCode::Usage)
}

/// Says which cases the scenario has instead, those of like names first.
fn no_such_case(scenario: &Scenario, one: &str) -> ExitCode {
    let mut cases: Vec<&str> = scenario.cases().iter().filter_map(|case| case.name.as_deref()).collect();
    let one = clipped(one, WIDTH);
    cases.sort_by_key(|case| strsim::osa_distance(case, &one));
    let help = match cases.as_slice() {
        [] => format!("remove `::{one}`: the scenario has no cases"),
        [some @ .., _] if some.len() > 8 => {
            format!("it has {} cases, for example {}", cases.len(), cases[..8].join(", "))
        }
        all => format!("its cases are {}", all.join(", ")),
    };
    fail(&format!("unknown case `{one}` of {}", scenario.name), Some(&help), ExitCode::Usage)
}

/// The flags of all commands; flags that several commands share appear once.
fn flags(command: &clap::Command) -> Vec<Explanation> {
    let mut flags: IndexMap<(String, String), Vec<&str>> = IndexMap::new();
    for command in command.get_subcommands() {
        for flag in command.get_arguments() {
            let text = flag.get_long_help().or(flag.get_help()).map(|text| text.to_string().replace("\n\n", ". "));
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
