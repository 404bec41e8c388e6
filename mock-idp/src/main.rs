//! Serves one honest or misbehaving issuer by hand.

use std::io::Write;
use std::num::NonZero;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use mimalloc::MiMalloc;
use mock_idp::by_hand::Arguments;
use mock_idp::{Clock, Interruption};

/// A fifth of what the provider does beside signing was taking memory and
/// giving it back.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// An OpenID provider that can misbehave.
#[derive(Debug, Parser)]
#[command(name = "mock-idp", version)]
struct CommandLine {
    #[command(flatten)]
    arguments: Arguments,
}

// Bad usage, what cannot be prepared, interrupted.
const USAGE: u8 = 2;
const UNREACHABLE: u8 = 3;
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    // Connections on one thread, which is never woken by another; signatures
    // on as many as there are cores.
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    match runtime.worker_threads(1).max_blocking_threads(cores).enable_all().build() {
        Ok(runtime) => runtime.block_on(serve()),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: cannot start a thread: {error}");
            ExitCode::from(UNREACHABLE)
        }
    }
}

async fn serve() -> ExitCode {
    let arguments = CommandLine::parse().arguments;
    let mut interruption = Interruption::listen();
    let service = match arguments.serve(Clock::system(), http, |_| None).await {
        Ok(service) => service,
        Err(error) => {
            let help = error.help().map(|help| format!("help: {help}\n")).unwrap_or_default();
            let _ = write!(std::io::stderr(), "error: {error}\n{help}");
            return ExitCode::from(if error.is_usage() { USAGE } else { UNREACHABLE });
        }
    };
    let _ = std::io::stdout().write_all(service.description().as_bytes());
    interruption.wait().await;
    // Who asks twice does not wait for open requests.
    tokio::select! {
        _ = service.shut_down() => ExitCode::SUCCESS,
        () = interruption.wait() => ExitCode::from(INTERRUPTED),
    }
}

fn http() -> Result<reqwest::Client, String> {
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    builder.timeout(Duration::from_secs(30)).build().map_err(|error| error.to_string())
}
