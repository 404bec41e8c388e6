//! `oidc-harness reference`: the reference server alone, to look at it or to
//! try a run against a server in another process.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use mock_idp::{Clock, Interruption};

use super::number::at_least_one;
use super::output::{fail, print};
use super::target::{authorities, known_defect};
use crate::exit::ExitCode;
use crate::http_client::ProviderClients;
use crate::reference::{ReferenceOptions, ReferenceServer, StartError};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Where it listens.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:2283")]
    listen: SocketAddr,
    /// A defect to plant in it; may be given several times.
    #[arg(long = "defect", value_name = "NAME", value_parser = known_defect)]
    defects: Vec<String>,
    /// A configuration file, in JSON or YAML, instead of settings over the API,
    /// as Immich has with `IMMICH_CONFIG_FILE`.
    #[arg(long, value_name = "FILE")]
    config_file: Option<PathBuf>,
    /// How many replicas take turns to answer. A change of the settings reaches
    /// the others late.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = at_least_one::<u32>)]
    replicas: u32,
    /// A permission of the administrator's API key; may be given several times.
    /// Default: all permissions.
    #[arg(long = "permission", value_name = "NAME")]
    permissions: Vec<String>,
    /// The file for the administrator's API key.
    #[arg(long, value_name = "FILE")]
    api_key_file: Option<PathBuf>,
    /// A CA certificate, in PEM, that it trusts in addition to the system's,
    /// such as one of `oidc-harness ca`.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
}

pub(super) async fn execute(arguments: Arguments) -> ExitCode {
    let clients = authorities(arguments.ca.as_deref())
        .and_then(|pem| ProviderClients::of_the_system(&pem).map_err(|error| error.to_string()));
    let clients = match clients {
        Ok(clients) => clients,
        Err(problem) => return fail(&problem, None, ExitCode::Usage),
    };
    let clock = Clock::system();
    let options = ReferenceOptions {
        listen: arguments.listen,
        defects: arguments.defects,
        configuration: arguments.config_file,
        replicas: arguments.replicas,
        permissions: arguments.permissions,
        clock: Arc::new(move || clock.now()),
        clients,
        seed: rand::random(),
    };
    let server = match ReferenceServer::start(options).await {
        Ok(server) => server,
        Err(error @ StartError::Defect(_)) => {
            return fail(&error, Some("`oidc-harness list --defects` lists all defects"), ExitCode::Usage);
        }
        Err(error) => return fail(&error, None, ExitCode::Unreachable),
    };
    match arguments.api_key_file {
        Some(path) => {
            if let Err(error) = std::fs::write(&path, server.api_key()) {
                return fail(&format!("{} cannot be written: {error}", path.display()), None, ExitCode::Harness);
            }
            print(&format!("{}\nAPI key in {}\n", server.url(), path.display()));
        }
        None => print(&format!("{}\nAPI key {}\n", server.url(), server.api_key())),
    }
    Interruption::listen().wait().await;
    ExitCode::Good
}
