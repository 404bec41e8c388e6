//! `oidc-harness doctor`: why sign-in fails at a real provider.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use mock_idp::Clock;

use super::api_key::{KeySource, read_secret};
use super::output::{UsageProblem, complain, print};
use super::target::client;
use crate::doctor::{Clients, Diagnosis, Probe, diagnose, look, markdown, terminal_text};
use crate::escape::{json, terminal};
use crate::exit::ExitCode;
use crate::immich::{ApiKey, Immich, SECRET_NAMES, SignInSettings};
use crate::redaction::{SecretKind, Secrets};

/// How long an answer of the provider may take.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The server's address. Only its public routes are asked, unless there is
    /// an API key.
    #[arg(required_unless_present = "issuer", conflicts_with = "issuer")]
    server: Option<String>,
    #[command(flatten)]
    key: KeySource,
    /// The issuer URL of a provider, to look at it without a server.
    #[arg(long, value_name = "URL", requires = "client_id")]
    issuer: Option<String>,
    /// The client's id at that provider.
    #[arg(long, value_name = "ID", requires = "issuer")]
    client_id: Option<String>,
    /// A file with the client's secret, or `-` for standard input. Default: a
    /// public client.
    #[arg(long, value_name = "FILE", requires = "issuer")]
    client_secret_file: Option<PathBuf>,
    /// How the client authenticates: `client_secret_post` (the default of
    /// Immich) or `client_secret_basic`.
    #[arg(long, value_name = "METHOD", requires = "issuer", value_parser = ["client_secret_post", "client_secret_basic"])]
    auth_method: Option<String>,
    /// The only algorithm of ID tokens that the server will accept. Default:
    /// RS256.
    #[arg(long, value_name = "NAME", requires = "issuer")]
    signing_algorithm: Option<String>,
    /// The certificate, in PEM, of an authority that signed the certificate of
    /// the server or the provider.
    #[arg(long, value_name = "FILE", env = "OIDC_HARNESS_CA")]
    ca: Option<PathBuf>,
    /// Sends a made-up code and redirect URIs to the provider, too, which leaves
    /// a trace there; needs the client secret or an API key.
    #[arg(long)]
    probe: bool,
    /// As JSON; `oidc-harness schema doctor` prints its schema.
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// As Markdown, to paste into an issue.
    #[arg(long)]
    markdown: bool,
}

impl Arguments {
    /// The settings of a server that is yet to be set up.
    fn settings(&self) -> Result<SignInSettings, UsageProblem> {
        let (Some(issuer), Some(client_id)) = (&self.issuer, &self.client_id) else {
            return Ok(SignInSettings::default());
        };
        let secret = match &self.client_secret_file {
            Some(path) => read_secret("client-secret-file", path)?,
            None => String::new(),
        };
        let fresh = SignInSettings::fresh(issuer.clone(), client_id.clone(), secret);
        Ok(SignInSettings {
            authentication: self.auth_method.clone().or(fresh.authentication),
            signing_algorithm: self.signing_algorithm.clone().or(fresh.signing_algorithm),
            ..fresh
        })
    }

    async fn diagnosis(&self) -> Result<Diagnosis, UsageProblem> {
        let settings = self.settings()?;
        let clients = Clients { provider: client(self.ca.as_deref())?, patience: PATIENCE };
        let server = match &self.server {
            Some(url) => {
                let key = self.key.read_if_given()?.unwrap_or_else(|| ApiKey::new(""));
                Some(Immich::new(client(self.ca.as_deref())?, url, key)?)
            }
            None => None,
        };
        let secrets = server.as_ref().map_or_else(|| Secrets::of(SECRET_NAMES), |server| server.secrets().clone());
        let now = Clock::system().now();
        let mut evidence = look(server.as_ref(), settings, &clients, now).await;
        if self.probe {
            let random = format!("{:032x}", rand::random::<u128>());
            match Probe::of(&evidence, &random) {
                Ok(probe) => {
                    let hosts = probe.hosts().join(" and ");
                    complain(&terminal(&format!("probe: at most {} requests to {hosts}", probe.requests())));
                    evidence.probe = Some(probe.send(&clients).await);
                }
                Err(reason) => complain(&format!("probe: nothing was sent: {reason}")),
            }
        }
        if let Some(secret) = evidence.settings.client_secret.as_deref().filter(|secret| !secret.is_empty()) {
            secrets.add(SecretKind::ClientSecret, secret);
        }
        Ok(diagnose(&evidence, &secrets))
    }
}

pub(super) async fn execute(arguments: Arguments) -> ExitCode {
    let diagnosis = match arguments.diagnosis().await {
        Ok(diagnosis) => diagnosis,
        Err(problem) => return problem.fail(),
    };
    let text = match (arguments.json, arguments.markdown) {
        (true, _) => json(&diagnosis, true).map(|text| text + "\n"),
        (false, true) => Ok(markdown(&diagnosis)),
        (false, false) => Ok(terminal_text(&diagnosis)),
    };
    match text {
        Ok(text) => {
            print(&text);
            diagnosis.exit_code()
        }
        Err(error) => {
            complain(&format!("error: the diagnosis cannot be written as JSON: {error}"));
            ExitCode::Harness
        }
    }
}
