//! The commands.

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use super::{
    ca, check, diff, doctor, explain, explore, fmt, generate, help, idp, list, new, output, reference, report, restore,
    run, variables,
};
use crate::exit_code::ExitCode;

/// Test the OAuth sign-in of an Immich-compatible server
#[derive(Debug, Parser)]
#[command(name = "oidc-harness", version)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

// Help lists them in this order; `help::IN_FRONT` says where the second group
// begins.
#[derive(Debug, Subcommand)]
enum Command {
    /// Test a server, and report what it does wrong
    Run(Box<run::Arguments>),
    /// Find out why sign-in fails at your provider; changes nothing
    Doctor(Box<doctor::Arguments>),
    /// Serve the provider alone, to debug by hand
    Idp(Box<mock_idp::by_hand::Arguments>),
    /// Explain a word, a scenario, or a message of a log
    Explain(explain::Arguments),
    /// Show a JSON report in another form, or join the reports of shards
    Report(report::Arguments),
    /// Write a new scenario file; asks for what no flag says
    New(new::Arguments),
    /// Find mistakes in scenario files and baselines
    Check(check::Arguments),
    /// List tests, quirks, profiles or defects
    List(list::Arguments),
    /// Format scenario files and baselines; keeps comments
    Fmt(fmt::Arguments),
    /// Set up a scenario, to play it in a browser or the mobile app
    Explore(Box<explore::Arguments>),
    /// Restore a server after a killed run
    Restore(restore::Arguments),
    /// Compare two runs; exit code 1 if anything broke
    Diff(diff::Arguments),
    /// Create a certificate authority, for scenarios over TLS
    Ca(ca::Arguments),
    /// Serve the reference server alone, until Ctrl-C
    Reference(reference::Arguments),
    /// Generate shell completions, the manual, or a JSON schema
    Generate(generate::Arguments),
}

impl CommandLine {
    /// Runs the command that these arguments ask for; the first argument names the program.
    pub async fn execute(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
        let command = help::laid_out(Self::command());
        let arguments: Vec<OsString> = arguments.into_iter().collect();
        let parsed = command.clone().try_get_matches_from(&arguments);
        let parsed = parsed.and_then(|matches| Self::from_arg_matches(&matches));
        let code = match parsed {
            // Help and version are asked for in this way, too.
            Err(said) if !said.use_stderr() => {
                output::parser_said(&said);
                ExitCode::Good
            }
            parsed => {
                let name = arguments.get(1).map(|name| name.to_string_lossy()).unwrap_or_default();
                // An empty variable may be why a flag cannot be read.
                match (variables::check_for(&name, &command), parsed) {
                    (Err(code), _) => code,
                    (Ok(()), Ok(line)) => line.command.execute(command).await,
                    (Ok(()), Err(said)) => {
                        output::parser_said(&said);
                        ExitCode::Usage
                    }
                }
            }
        };
        output::ended(code)
    }
}

impl Command {
    async fn execute(self, command: clap::Command) -> ExitCode {
        match self {
            // The largest by far; boxed, so that it is not on the stack.
            Self::Run(arguments) => Box::pin(run::execute(*arguments)).await,
            Self::Doctor(arguments) => Box::pin(doctor::execute(*arguments)).await,
            Self::Idp(arguments) => idp::execute(*arguments).await,
            Self::Explain(arguments) => explain::execute(&arguments, &CommandLine::command()),
            Self::Report(arguments) => report::execute(&arguments),
            Self::New(arguments) => new::execute(arguments),
            Self::Check(arguments) => check::execute(&arguments),
            Self::List(arguments) => list::execute(&arguments),
            Self::Fmt(arguments) => fmt::execute(&arguments),
            Self::Explore(arguments) => explore::execute(*arguments).await,
            Self::Restore(arguments) => restore::execute(arguments).await,
            Self::Diff(arguments) => diff::execute(&arguments),
            Self::Ca(arguments) => ca::execute(&arguments),
            Self::Reference(arguments) => reference::execute(arguments).await,
            Self::Generate(arguments) => generate::execute(&arguments, command),
        }
    }
}
