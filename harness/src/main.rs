//! Starts the command line and ends with its exit code.

use std::process::ExitCode;

use oidc_harness::cli::CommandLine;

#[tokio::main]
async fn main() -> ExitCode {
    ExitCode::from(CommandLine::execute(std::env::args_os()).await.code())
}
