//! The commands.

use std::ffi::OsString;

use clap::{CommandFactory, Parser, Subcommand};

use super::{
    ca, check, completions, diff, doctor, explain, explore, fmt, idp, list, merge, new, output, profiles, reference,
    report, restore, run,
};
use crate::exit::ExitCode;

/// Tests the OAuth sign-in of an Immich-compatible server.
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
Start here:
  oidc-harness run
       Plays all scenarios against the built-in reference server, without any setup
  oidc-harness run --target URL --api-key-file FILE --preflight-only
       Checks the server, prints fixes, and leaves nothing changed
  oidc-harness explain NAME
       Explains any word in a scenario, a report or a message";

#[derive(Debug, Subcommand)]
enum Command {
    /// Plays scenarios against a server and reports the results.
    Run(Box<run::Arguments>),
    /// Says why sign-in with a provider fails, and which setting mends it;
    /// changes nothing.
    Doctor(Box<doctor::Arguments>),
    /// Writes a new scenario file with comments; asks questions on a terminal.
    New(new::Arguments),
    /// Checks scenario files and prints their mistakes.
    Check(check::Arguments),
    /// Formats scenario files; keeps comments.
    Fmt(fmt::Arguments),
    /// Lists the tests.
    List(list::Arguments),
    /// Lists the quirks of the provider.
    Quirks(list::QuirksArguments),
    /// Lists the products that the provider can imitate.
    Profiles(profiles::Arguments),
    /// Explains a quirk, step, setting, requirement, scenario or message.
    Explain(explain::Arguments),
    /// Sets up a scenario for you to play in a browser or the mobile app.
    Explore(Box<explore::Arguments>),
    /// Prints a JSON schema.
    Schema(list::SchemaArguments),
    /// Restores a server after a killed run.
    Restore(restore::Arguments),
    /// Joins JSON reports of shards into one.
    Merge(merge::Arguments),
    /// Shows a JSON report of a run as a page or in another form.
    Report(report::Arguments),
    /// Compares two runs; exit code 1 if anything broke.
    Diff(diff::Arguments),
    /// Serves the provider alone, with a sign-in page and a live view of every
    /// request.
    Idp(Box<mock_idp::by_hand::Arguments>),
    /// Creates a certificate authority for issuers over TLS.
    Ca(ca::Arguments),
    /// Serves the reference server alone, until Ctrl-C.
    Reference(reference::Arguments),
    /// Prints a shell script that completes commands and flags.
    Completions(completions::Arguments),
    /// Prints the manual page, or writes the pages of all commands.
    Man(completions::ManArguments),
}

impl CommandLine {
    /// Runs the command that these arguments ask for; the first argument names the program.
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
            // The largest by far; boxed, so that it is not on the stack.
            Self::Run(arguments) => Box::pin(run::execute(*arguments)).await,
            Self::Doctor(arguments) => Box::pin(doctor::execute(*arguments)).await,
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
