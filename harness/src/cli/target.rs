//! What is judged, and how the provider behind it is served: the same words
//! for every command that plays scenarios.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use url::Url;

use super::api_key::KeySource;
use super::ca;
use super::output::fail;
use crate::exit::ExitCode;
use crate::http_client;
use crate::runner::{TargetChoice, WorkerOptions};
use crate::target::{Consents, Journal};

#[derive(Debug, Args)]
pub(super) struct TargetArguments {
    /// What is judged: `reference`, or the address of a server.
    #[arg(long, value_name = "reference|URL", default_value = "reference", env = "OIDC_HARNESS_TARGET")]
    target: String,
    #[command(flatten)]
    key: KeySource,
    /// A defect to plant in the reference server; may be given several times.
    #[arg(long = "defect", value_name = "NAME")]
    defects: Vec<String>,
    /// Seed of everything random, to repeat a run against the reference
    /// server; against others nothing can be foretold.
    #[arg(long, value_name = "N", env = "OIDC_HARNESS_SEED")]
    seed: Option<u64>,
    /// Where the provider listens; issuers over TLS are at any ports, or at
    /// the six after this one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0", env = "OIDC_HARNESS_IDP_LISTEN")]
    idp_listen: SocketAddr,
    /// How the server calls the provider, if not by that address.
    #[arg(long, value_name = "URL", env = "OIDC_HARNESS_IDP_URL")]
    idp_url: Option<Url>,
    /// The folder of the certificate authority that the server was told to
    /// trust; `oidc-harness ca` makes one. Without it, scenarios that need
    /// that are skipped.
    #[arg(long, value_name = "DIR", env = "OIDC_HARNESS_IDP_CA")]
    idp_ca: Option<PathBuf>,
    /// A CA certificate, in PEM, that the server's certificate hangs on.
    #[arg(long, value_name = "FILE", env = "OIDC_HARNESS_CA")]
    ca: Option<PathBuf>,
    /// Where the write-ahead journal is kept.
    #[arg(long, value_name = "FILE", env = "OIDC_HARNESS_JOURNAL")]
    journal: Option<PathBuf>,
    /// Agrees that OAuth settings that are in use are replaced for the run.
    #[arg(long, env = "OIDC_HARNESS_REPLACE_OAUTH_SETTINGS")]
    replace_oauth_settings: bool,
    /// Agrees that a server with many accounts is judged.
    #[arg(long, env = "OIDC_HARNESS_YES")]
    yes: bool,
}

/// Why nothing can be judged by what was said.
pub(super) struct TargetProblem {
    text: String,
    help: Option<&'static str>,
}

impl From<String> for TargetProblem {
    fn from(text: String) -> Self {
        Self { text, help: None }
    }
}

impl TargetProblem {
    /// Complains.
    pub(super) fn fail(&self) -> ExitCode {
        fail(&self.text, self.help, ExitCode::Usage)
    }
}

impl TargetArguments {
    /// Reads keys and certificates; `jobs` is how many tests at a time the
    /// reference server gets.
    pub(super) fn prepare(&self, jobs: usize) -> Result<(TargetChoice, WorkerOptions), TargetProblem> {
        let authority = ca::load(self.idp_ca.as_deref())
            .map_err(|error| TargetProblem { text: error.to_string(), help: Some(error.help()) })?;
        let target = if self.target == "reference" {
            TargetChoice::Reference { defects: self.defects.clone(), jobs }
        } else {
            let origin = self.target.trim_end_matches('/').trim_end_matches("/api");
            TargetChoice::Server {
                url: self.target.clone(),
                key: self.key.read()?,
                journal: journal_path(self.journal.clone(), origin),
                consents: Consents { replace_oauth_settings: self.replace_oauth_settings, production: self.yes },
            }
        };
        let options = WorkerOptions {
            idp_listen: self.idp_listen,
            idp_url: self.idp_url.clone(),
            authority,
            seed: self.seed.unwrap_or_else(rand::random),
            client: client(self.ca.as_deref())?,
            attended: false,
        };
        Ok((target, options))
    }
}

/// What is in the file of `--ca`, if there is one.
pub(super) fn authorities(ca: Option<&Path>) -> Result<Vec<u8>, String> {
    let Some(path) = ca else { return Ok(Vec::new()) };
    std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

/// The HTTP client for the server.
pub(super) fn client(ca: Option<&Path>) -> Result<reqwest::Client, String> {
    http_client::of_the_system(&authorities(ca)?).map_err(|error| error.to_string())
}

pub(super) fn journal_path(given: Option<PathBuf>, target: &str) -> PathBuf {
    let state = || {
        let own = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
        let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state"));
        own.or(home).unwrap_or_else(std::env::temp_dir)
    };
    given.unwrap_or_else(|| Journal::default_path(target, &state()))
}
