//! `oidc-harness reference`: the reference server alone, to look at it or to
//! try a run against a server in another process.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use mock_idp::{Clock, Interruption};
use semver::Version;

use super::flag::at_least_one;
use super::output::{UsageProblem, fail, print};
use super::target::{authorities, known_defect};
use crate::exit_code::ExitCode;
use crate::http_client::ProviderClients;
use crate::invocation::{program, quoted};
use crate::paragraph::command;
use crate::reference::{
    NEWEST, ReferenceOptions, ReferenceServer, ReferenceStartError, SettingsSource, is_reference_key, known_version,
};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The address that the server listens on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:2283")]
    listen: SocketAddr,
    /// Behave as this version of Immich, such as 2.7
    #[arg(long, value_name = "VERSION", default_value_t = NEWEST, value_parser = known_version)]
    version: Version,
    /// Have this defect; may be repeated
    #[arg(long = "defect", value_name = "NAME", value_parser = known_defect)]
    defects: Vec<String>,
    /// Read settings from this file, in JSON or YAML
    ///
    /// Immich does the same with `IMMICH_CONFIG_FILE`.
    #[arg(long, value_name = "FILE")]
    config_file: Option<PathBuf>,
    /// Read the settings file only when the server starts
    #[arg(long, requires = "config_file")]
    read_config_once: bool,
    /// Take settings from environment variables, at the start
    ///
    /// `oauth.clientId` comes from `OAUTH_CLIENT_ID`.
    #[arg(long, conflicts_with = "config_file")]
    settings_from_environment: bool,
    /// How many replicas take turns to answer
    ///
    /// Changed settings reach the other replicas with a delay.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = at_least_one::<u32>)]
    replicas: u32,
    /// A permission of the API key; may be repeated; default: all permissions
    #[arg(long = "permission", value_name = "NAME")]
    permissions: Vec<String>,
    /// Write the administrator's API key to this new file
    ///
    /// If an earlier reference server wrote a key there, use that key.
    #[arg(long, value_name = "FILE")]
    api_key_file: Option<PathBuf>,
    /// Also trust the CA certificate in this PEM file
    ///
    /// For example, the certificate that `oidc-harness ca` writes.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
}

/// No key is longer, in bytes.
const LONGEST: u64 = 256;

/// Returns the key that an earlier reference server wrote to a file; none if the
/// file is empty or not there.
///
/// # Errors
/// The file has other content, which may be a key that is still needed.
fn earlier_key(path: &Path) -> Result<Option<String>, UsageProblem> {
    if !std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() > 0) {
        return Ok(None);
    }
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(LONGEST).read_to_string(&mut text));
    match read {
        Ok(_) if is_reference_key(text.trim()) => Ok(Some(text.trim().to_owned())),
        _ => Err(UsageProblem {
            text: format!("{} already exists, and does not contain an API key of the reference server", path.display()),
            help: Some("pass the path of a new file: the reference server writes its API key there".into()),
        }),
    }
}

/// Writes a key to a file that only its owner may read.
fn write_key(path: &Path, key: &str) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(key.as_bytes())
}

pub(super) async fn execute(arguments: Arguments) -> ExitCode {
    let earlier = match arguments.api_key_file.as_deref().map(earlier_key).transpose() {
        Ok(earlier) => earlier.flatten(),
        Err(problem) => return problem.fail(),
    };
    let clients = authorities(arguments.ca.as_deref())
        .and_then(|pem| ProviderClients::of_the_system(&pem).map_err(|error| error.to_string()));
    let clients = match clients {
        Ok(clients) => clients,
        Err(problem) => return fail(&problem, None, ExitCode::Usage),
    };
    let settings_from = match arguments.config_file {
        Some(path) if arguments.read_config_once => SettingsSource::FileOnce(path),
        Some(path) => SettingsSource::File(path),
        None if arguments.settings_from_environment => {
            let text =
                |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
            SettingsSource::Environment(std::env::vars_os().filter_map(text).collect())
        }
        None => SettingsSource::Api,
    };
    let clock = Clock::system();
    let options = ReferenceOptions {
        listen: arguments.listen,
        version: arguments.version,
        defects: arguments.defects,
        settings_from,
        replicas: arguments.replicas,
        api_key: earlier.clone(),
        permissions: arguments.permissions,
        clock: Arc::new(move || clock.now()),
        clients,
        seed: rand::random(),
    };
    let server = match ReferenceServer::start(options).await {
        Ok(server) => server,
        Err(error @ ReferenceStartError::Defect(_)) => {
            return fail(&error, Some("`oidc-harness list defects` lists all"), ExitCode::Usage);
        }
        Err(error) => return fail(&error, None, ExitCode::Unreachable),
    };
    let file = if let Some(path) = arguments.api_key_file {
        if earlier.is_none()
            && let Err(error) = write_key(&path, server.api_key())
        {
            return fail(&format!("cannot write {}: {error}", path.display()), None, ExitCode::Harness);
        }
        print(&format!("{}\nAPI key in {}\n", server.url(), path.display()));
        quoted(&path.display().to_string())
    } else {
        print(&format!("{}\nAPI key {}\n", server.url(), server.api_key()));
        "FILE".to_owned()
    };
    let run = format!("{} run --target {} --api-key-file {file}", program(), server.url());
    print(&format!("Press Ctrl-C to stop the server. To test it:\n{}\n", command("    ", &run).join("\n")));
    Interruption::listen().wait().await;
    ExitCode::Good
}
