//! Starts the command line and ends with its exit code.

use std::process::ExitCode;

use clap::Parser;
use harness::cli::CommandLine;

#[tokio::main]
async fn main() -> ExitCode {
    ExitCode::from(CommandLine::parse().execute().await.code())
}
