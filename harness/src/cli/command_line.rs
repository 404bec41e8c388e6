//! The commands.

use std::ffi::OsString;

use clap::{CommandFactory, Parser, Subcommand};

use super::{
    ca, check, completions, diff, explain, explore, fmt, idp, list, merge, new, output, profiles, reference, report,
    restore, run,
};
use crate::exit::ExitCode;

/// Judges the OAuth sign-in of an Immich-compatible server.
#[derive(Debug, Parser)]
#[command(name = "oidc-harness", version, after_help = after_help())]
pub struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

/// Where to begin, and how it ends.
fn after_help() -> String {
    let codes = ExitCode::ALL.iter().map(|code| format!("\n  {:<5}{}", code.code(), code.text()));
    format!("{BEGINNING}\n\nExit codes:{}", codes.collect::<String>())
}

const BEGINNING: &str = "\
To begin:
  oidc-harness run
       Plays everything against the reference server inside: there is nothing to set up
  oidc-harness run --target URL --api-key-file FILE --preflight-only
       Looks whether a server can be judged, and says what to do if not
  oidc-harness explain NAME
       Tells of any word that a scenario, a report or a message uses";

#[derive(Debug, Subcommand)]
enum Command {
    /// Plays scenarios against a server and reports.
    Run(Box<run::Arguments>),
    /// Writes a commented scenario file to begin with; asks on a terminal.
    New(new::Arguments),
    /// Says what is wrong with scenario files.
    Check(check::Arguments),
    /// Brings scenario files into the house style; keeps comments.
    Fmt(fmt::Arguments),
    /// Lists the tests.
    List(list::Arguments),
    /// Lists the quirks of the provider.
    Quirks(list::QuirksArguments),
    /// Lists the products that the provider can imitate.
    Profiles(profiles::Arguments),
    /// Says what a quirk, step, setting, requirement, scenario, … is.
    Explain(explain::Arguments),
    /// Sets up a scenario and leaves it to you, a browser and the mobile app.
    Explore(Box<explore::Arguments>),
    /// Prints a JSON schema.
    Schema(list::SchemaArguments),
    /// Finishes what a killed run left at a server.
    Restore(restore::Arguments),
    /// Joins the JSON reports of shards into one.
    Merge(merge::Arguments),
    /// Shows the JSON report of a run again, as a page or in another form.
    Report(report::Arguments),
    /// Says what broke and what was mended between two runs; exit code 1 if
    /// anything broke.
    Diff(diff::Arguments),
    /// Serves the provider alone, for a person: a sign-in page, and a live view
    /// of every request.
    Idp(Box<mock_idp::by_hand::Arguments>),
    /// Makes a certificate authority for issuers over TLS.
    Ca(ca::Arguments),
    /// Serves the reference server alone, until Ctrl-C.
    Reference(reference::Arguments),
    /// Prints a script that has a shell complete commands and flags.
    Completions(completions::Arguments),
    /// Prints the manual page, or writes those of all commands.
    Man(completions::ManArguments),
}

impl CommandLine {
    /// Does what these arguments ask, the first of which names the program.
    pub async fn execute(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
        let code = match Self::try_parse_from(arguments) {
            Ok(line) => line.command.execute().await,
            // Help and version are asked for in this way, too.
            Err(said) => {
                output::note(said.print());
                if said.use_stderr() { ExitCode::Usage } else { ExitCode::Good }
            }
        };
        output::ended(code)
    }
}

impl Command {
    async fn execute(self) -> ExitCode {
        match self {
            // The largest by far, and nobody wants all of it on the stack.
            Self::Run(arguments) => Box::pin(run::execute(*arguments)).await,
            Self::New(arguments) => new::execute(arguments),
            Self::Check(arguments) => check::execute(&arguments),
            Self::Fmt(arguments) => fmt::execute(&arguments),
            Self::List(arguments) => list::execute(&arguments),
            Self::Quirks(arguments) => list::quirks(&arguments),
            Self::Profiles(arguments) => profiles::execute(&arguments),
            Self::Explain(arguments) => explain::execute(&arguments, &CommandLine::command()),
            Self::Explore(arguments) => explore::execute(*arguments).await,
            Self::Schema(arguments) => list::schema(&arguments),
            Self::Restore(arguments) => restore::execute(arguments).await,
            Self::Merge(arguments) => merge::execute(&arguments),
            Self::Report(arguments) => report::execute(&arguments),
            Self::Diff(arguments) => diff::execute(&arguments),
            Self::Idp(arguments) => idp::execute(*arguments).await,
            Self::Ca(arguments) => ca::execute(&arguments),
            Self::Reference(arguments) => reference::execute(arguments).await,
            Self::Completions(arguments) => completions::execute(&arguments, CommandLine::command()),
            Self::Man(arguments) => completions::man(&arguments, CommandLine::command()),
        }
    }
}
