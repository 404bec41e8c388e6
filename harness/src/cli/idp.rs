//! `oidc-harness idp`: the provider alone, for a person who debugs a server, a
//! web page or the mobile app.

use mock_idp::by_hand::Arguments;
use mock_idp::{Clock, Interruption};

use super::output::{fail_by_file, tell};
use super::target::client;
use crate::exit_code::ExitCode;
use crate::immich::{instructions, remedy};

pub(super) async fn execute(arguments: Arguments) -> ExitCode {
    let mut interruption = Interruption::listen();
    let service = match arguments.serve(Clock::system(), || client(None).map_err(|problem| problem.text), remedy).await
    {
        Ok(service) => service,
        Err(error) => {
            let code = if error.is_usage() { ExitCode::Usage } else { ExitCode::Unreachable };
            return fail_by_file(&error, error.help().as_deref(), code);
        }
    };
    tell(&format!("{}{}", service.description(), instructions()));
    interruption.wait().await;
    // Who asks twice does not wait for open requests.
    tokio::select! {
        _ = service.shut_down() => ExitCode::Good,
        () = interruption.wait() => ExitCode::Interrupted,
    }
}
