//! `oidc-harness doctor`: why sign-in fails at a real provider.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use mock_idp::{Clock, Url};

use super::api_key::{KeySource, read_secret};
use super::arrival::{BrowserReturn, arrived};
use super::dialect_file::{self, DialectFile};
use super::output::{UsageProblem, complain, print};
use super::target::client;
use crate::address;
use crate::doctor::{
    Clients, Diagnosis, DoctorEvidence, PROVIDER_ALONE, Probe, ProviderSignIn, SignInEvidence, diagnose, html_page,
    look, markdown, terminal_text,
};
use crate::escape::{json, terminal};
use crate::exit_code::ExitCode;
use crate::immich::{ApiKey, Immich, RedirectUri, SECRET_NAMES, SignInSettings, TargetError};
use crate::redaction::{SecretKind, Secrets};

/// How long an answer of the provider may take.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The server's address
    ///
    /// Without an API key, the doctor uses only its public routes.
    #[arg(conflicts_with = "issuer")]
    server: Option<String>,
    #[command(flatten)]
    key: KeySource,
    #[command(flatten)]
    dialect: DialectFile,
    /// Check this provider without a server
    #[arg(long, value_name = "URL", requires = "client_id")]
    issuer: Option<String>,
    /// The client ID at that provider
    #[arg(long, value_name = "ID", requires = "issuer")]
    client_id: Option<String>,
    /// A file with the client secret, or `-` for standard input
    ///
    /// Default: no secret, as of a public client.
    #[arg(long, value_name = "FILE", requires = "issuer")]
    client_secret_file: Option<PathBuf>,
    /// How the client authenticates
    ///
    /// Default: `client_secret_post`, as Immich does.
    #[arg(long, value_name = "METHOD", requires = "issuer", value_parser = ["client_secret_post", "client_secret_basic"])]
    auth_method: Option<String>,
    /// The signing algorithm that the server accepts; default: RS256
    #[arg(long, value_name = "NAME", requires = "issuer")]
    signing_algorithm: Option<String>,
    /// PEM file with the CA certificate of the server or the provider
    #[arg(long, value_name = "FILE", env = "OIDC_HARNESS_CA")]
    ca: Option<PathBuf>,
    /// Also test the client secret and the redirect URIs at the provider
    ///
    /// Sends an invalid code and the redirect URIs, which the provider may log.
    /// Needs the client secret or an API key.
    #[arg(long)]
    probe: bool,
    /// Sign in at the provider in a browser, and check tokens and claims
    ///
    /// Prints the address to open in your browser. Needs the client secret or an
    /// API key.
    #[arg(long)]
    sign_in: bool,
    /// Where the provider sends your browser after the sign-in
    ///
    /// Register this URI at the provider. If it is an address of this machine, the
    /// doctor listens there. Otherwise, copy the URL from the browser's address bar
    /// after the sign-in, and paste it. Default: the server's sign-in page, or
    /// `http://127.0.0.1:8585/callback`.
    #[arg(long, value_name = "URI", requires = "sign_in")]
    redirect_uri: Option<Url>,
    /// Also open the sign-in address in your browser
    ///
    /// The variable `BROWSER` names another browser.
    #[arg(long, requires = "sign_in")]
    open: bool,
    #[command(flatten)]
    form: DiagnosisForm,
}

/// How the diagnosis is printed.
#[derive(Debug, Args)]
#[group(multiple = false)]
struct DiagnosisForm {
    /// Print the diagnosis as JSON
    ///
    /// `oidc-harness generate schema doctor` prints its schema.
    #[arg(long)]
    json: bool,
    /// Print the diagnosis as Markdown, to paste into an issue
    #[arg(long)]
    markdown: bool,
    /// Print the diagnosis as one HTML page
    #[arg(long)]
    html: bool,
}

/// Where a browser comes back to if there is no server.
const CALLBACK: &str = "http://127.0.0.1:8585/callback";

/// What to type for a start.
const BEGINNING: &str = "\
your server: `oidc-harness doctor https://photos.example.org`
      a provider alone: `oidc-harness doctor --issuer https://id.example.org --client-id ID`";

impl Arguments {
    /// The settings of a server that is yet to be set up.
    fn settings(&self) -> Result<SignInSettings, UsageProblem> {
        let (Some(issuer), Some(client_id)) = (&self.issuer, &self.client_id) else {
            return Ok(SignInSettings::default());
        };
        if address::has_credentials(issuer) {
            let host = Url::parse(issuer).ok().and_then(|url| Some(url.host_str()?.to_owned()));
            let error = TargetError::Credentials(host.unwrap_or_else(|| "--issuer".to_owned()));
            let help = "remove the user name and the password: the server does not send them";
            return Err(UsageProblem { text: error.to_string(), help: Some(help.into()) });
        }
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

    /// Refuses a dialect that does nothing. One of the environment may be meant for
    /// other runs.
    fn without_idle_dialect(&self) -> Result<(), UsageProblem> {
        let is_typed = self.dialect.is_given() && std::env::var_os(dialect_file::VARIABLE).is_none();
        if self.server.is_some() || !is_typed {
            return Ok(());
        }
        Err(UsageProblem {
            text: "--dialect needs the address of a server".to_owned(),
            help: Some("replace --issuer by the server's address, or remove --dialect".into()),
        })
    }

    async fn diagnosis(&self) -> Result<Diagnosis, UsageProblem> {
        if self.server.is_none() && self.issuer.is_none() {
            return Err(UsageProblem {
                text: "the doctor needs the address of a server or of a provider".to_owned(),
                help: Some(BEGINNING.into()),
            });
        }
        self.without_idle_dialect()?;
        let settings = self.settings()?;
        let clients = Clients { provider: client(self.ca.as_deref())?, patience: PATIENCE };
        let server = match &self.server {
            Some(url) => {
                let key = self.key.read_if_given()?.unwrap_or_else(|| ApiKey::new(""));
                let server = Immich::new(client(self.ca.as_deref())?, url, key);
                let server = server.map_err(|error| UsageProblem {
                    text: error.to_string(),
                    help: Some(format!("{}\n      {PROVIDER_ALONE}", error.help()).into()),
                })?;
                Some(server.with_dialect(self.dialect.read()?))
            }
            None => None,
        };
        let secrets = server.as_ref().map_or_else(|| Secrets::of(SECRET_NAMES), |server| server.secrets().clone());
        let now = Clock::system().now();
        let mut evidence = look(server.as_ref(), settings, &clients, now).await;
        if self.probe {
            match Probe::of(&evidence, &random()) {
                Ok(probe) => {
                    let hosts = probe.hosts().join(" and ");
                    complain(&terminal(&format!("probe: at most {} requests to {hosts}", probe.requests())));
                    evidence.probe = Some(probe.send(&clients).await);
                }
                Err(reason) => complain(&format!("probe: the doctor sent no requests, because {reason}")),
            }
        }
        if self.sign_in {
            evidence.sign_in = self.signed_in(&evidence, server.as_ref(), &clients, &secrets).await?;
        }
        if let Some(secret) = evidence.settings.client_secret.as_deref().filter(|secret| !secret.is_empty()) {
            secrets.add(SecretKind::ClientSecret, secret);
        }
        Ok(diagnose(&evidence, &secrets))
    }

    /// Lets a person sign in; `None` where the client secret may not be sent.
    async fn signed_in(
        &self,
        evidence: &DoctorEvidence,
        server: Option<&Immich>,
        clients: &Clients,
        secrets: &Secrets,
    ) -> Result<Option<SignInEvidence>, UsageProblem> {
        let page = server.map(|server| RedirectUri::SignInPage.at(server.origin()));
        let default = page.unwrap_or_else(|| CALLBACK.to_owned());
        let redirect_uri = self.redirect_uri.as_ref().map_or(default, ToString::to_string);
        let sign_in = match ProviderSignIn::of(evidence, &redirect_uri, &random()) {
            Ok(sign_in) => sign_in,
            Err(reason) => {
                complain(&format!("sign-in: the doctor did not begin, because {reason}"));
                return Ok(None);
            }
        };
        let is_served = server.is_some_and(|server| redirect_uri.starts_with(server.origin()));
        let arrival = BrowserReturn { redirect_uri: &redirect_uri, is_served, is_opened: self.open };
        let arrived = arrived(&sign_in.url(), &arrival).await?;
        let mut seen = sign_in.finish(clients, arrived.as_ref(), Clock::system().now(), secrets).await;
        if let Some(server) = server {
            seen.add_accounts(server).await;
        }
        Ok(Some(seen))
    }
}

/// Returns a text that no one guesses.
fn random() -> String {
    format!("{:032x}", rand::random::<u128>())
}

pub(super) async fn execute(arguments: Arguments) -> ExitCode {
    let diagnosis = match arguments.diagnosis().await {
        Ok(diagnosis) => diagnosis,
        Err(problem) => return problem.fail(),
    };
    let text = match &arguments.form {
        DiagnosisForm { json: true, .. } => json(&diagnosis, true).map(|text| text + "\n"),
        DiagnosisForm { markdown: true, .. } => Ok(markdown(&diagnosis)),
        DiagnosisForm { html: true, .. } => Ok(html_page(&diagnosis)),
        DiagnosisForm { .. } => Ok(terminal_text(&diagnosis)),
    };
    match text {
        Ok(text) => {
            print(&text);
            diagnosis.exit_code()
        }
        Err(error) => {
            complain(&format!("error: cannot write the diagnosis as JSON: {error}"));
            ExitCode::Harness
        }
    }
}
