//! The part of the command line that decides results: to repeat a test, the
//! user types all of it again. Which test that is, is for
//! [`crate::invocation`].

use std::ffi::OsStr;
use std::marker::PhantomData;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use url::Url;

/// Flags of `run` that choose tests, or say how they take turns or are shown.
/// All others are typed again.
const OF_ONE_RUN: &[&str] =
    &["filter", "tag", "shard", "report", "jobs", "preflight-only", "fail-fast", "watch", "verbose", "quiet"];

/// Flags whose value may contain a token.
const HIDDEN: &[&str] = &["restart-command"];

/// What was typed, or came from the environment. It must be the first of the
/// arguments: those before it take theirs out of what was typed.
///
/// `A` is the type of all arguments of the command.
#[derive(Debug)]
pub(super) struct Typed<A> {
    words: Vec<String>,
    of: PhantomData<fn() -> A>,
}

impl<A> Typed<A> {
    /// Flags with their values, word by word.
    pub(super) fn words(&self) -> Vec<String> {
        self.words.clone()
    }
}

impl<A: Args> Args for Typed<A> {
    fn augment_args(command: Command) -> Command {
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        command
    }
}

impl<A: Args> FromArgMatches for Typed<A> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let known = A::augment_args(Command::new("run"));
        let words = known.get_arguments().flat_map(|argument| words(argument, matches)).collect();
        Ok(Self { words, of: PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn words(argument: &Arg, matches: &ArgMatches) -> Vec<String> {
    let Some(flag) = argument.get_long().filter(|flag| !OF_ONE_RUN.contains(flag)) else { return Vec::new() };
    let id = argument.get_id().as_str();
    if matches!(matches.value_source(id), None | Some(ValueSource::DefaultValue)) {
        return Vec::new();
    }
    let flag = format!("--{flag}");
    if matches!(argument.get_action(), ArgAction::SetTrue) {
        return if matches.get_flag(id) { vec![flag] } else { Vec::new() };
    }
    let is_hidden = HIDDEN.contains(&flag.trim_start_matches('-'));
    let value = |value: &OsStr| if is_hidden { "COMMAND".to_owned() } else { shown(value) };
    matches.get_raw(id).into_iter().flatten().flat_map(|raw| [flag.clone(), value(raw)]).collect()
}

/// A value without what only its owner may know: an address can hold a
/// password.
fn shown(value: &OsStr) -> String {
    let value = value.to_string_lossy();
    match Url::parse(&value) {
        Ok(mut url) if url.password().is_some() || !url.username().is_empty() => {
            // An address that has them can be without.
            let _ = (url.set_username(""), url.set_password(None));
            url.to_string()
        }
        _ => value.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use clap::builder::Resettable;
    use clap::{CommandFactory, FromArgMatches, Parser};
    use rstest::rstest;

    use super::*;
    use crate::cli::run;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        run: run::Arguments,
    }

    fn typed(line: &str) -> String {
        // What the caller's variables say is not typed.
        let command = Line::command().mut_args(|argument| argument.env(Resettable::Reset));
        let line = command.try_get_matches_from(["run"].into_iter().chain(line.split_whitespace()));
        let line = line.and_then(|matches| Line::from_arg_matches(&matches));
        line.map_or_else(|error| error.to_string(), |line| line.run.flags().join(" "))
    }

    #[rstest]
    #[case("--filter a --filter z --tag b --shard 1/2 --jobs 3 --report json=x --fail-fast --verbose file.toml", "")]
    #[case("--strict --defect state-ignored --seed 7", "--defect state-ignored --seed 7 --strict")]
    #[case("--target http://a --api-key-file k", "--target http://a --api-key-file k")]
    #[case("--target http://a --read-only --baseline none", "--target http://a --read-only --baseline none")]
    #[case("--target http://a:b@c/api --journal ./j", "--target http://c/api --journal ./j --api-key-file FILE")]
    #[case(
        "--target http://a --api-key-file k --config-file f --restart-command TOKEN=t",
        "--target http://a --api-key-file k --config-file f --restart-command COMMAND"
    )]
    fn what_is_judged_is_typed_again_and_what_is_shown_is_not(#[case] line: &str, #[case] again: &str) {
        assert_eq!(typed(line), again);
    }

    /// A new flag is typed again unless it is named here.
    #[test]
    fn all_flags_that_are_left_out_exist() {
        let known = run::Arguments::augment_args(Command::new("run"));
        let flags: Vec<&str> = known.get_arguments().filter_map(Arg::get_long).collect();
        assert!(OF_ONE_RUN.iter().chain(HIDDEN).all(|flag| flags.contains(flag)), "{flags:?}");
    }
}
