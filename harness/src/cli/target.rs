//! What is judged, and how the provider behind it is served: the same words
//! for every command that plays scenarios.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use semver::Version;
use url::Url;

use super::ca;
use super::flag::{PROVIDER, REFERENCE, SERVER};
use super::output::UsageProblem;
use super::provider_url::check_provider_url;
use super::report_destination::Own;
use super::server::ServerArguments;
use crate::diagnostic::{closest, did_you_mean};
use crate::http_client::{self, HttpClientError};
use crate::immich::{ApiKey, Immich};
use crate::reference::{DEFECTS, NEWEST, known_version};
use crate::runner::{TargetChoice, WorkerOptions};

/// The name of a defect that there is.
pub(super) fn known_defect(name: &str) -> Result<String, String> {
    if DEFECTS.iter().any(|defect| defect.name == name) {
        return Ok(name.to_owned());
    }
    let help = closest(name, DEFECTS.iter().map(|defect| defect.name))
        .map_or_else(|| "`oidc-harness list defects` lists all".to_owned(), did_you_mean);
    Err(format!("unknown defect; {help}"))
}

/// The variable of `--reference-version`.
const REFERENCE_VERSION: &str = "OIDC_HARNESS_REFERENCE_VERSION";

#[derive(Debug, Args)]
pub(super) struct TargetArguments {
    #[command(flatten)]
    server: ServerArguments,
    /// Behave as this version of Immich, such as 2.7
    ///
    /// The version determines routes, settings and permissions. Default: the
    /// newest version that the reference server knows.
    #[arg(
        help_heading = REFERENCE,
        hide_short_help = true,
        long = "reference-version",
        value_name = "VERSION",
        value_parser = known_version,
        env = REFERENCE_VERSION
    )]
    version: Option<Version>,
    /// Have this defect; may be repeated
    ///
    /// `oidc-harness list defects` lists all.
    #[arg(long = "defect", value_name = "NAME", value_parser = known_defect, help_heading = REFERENCE)]
    defects: Vec<String>,
    /// Repeat the random values of an earlier run
    ///
    /// N is the seed that the run printed at its end. Works only with the
    /// reference server.
    #[arg(long, value_name = "N", env = "OIDC_HARNESS_SEED", help_heading = REFERENCE, hide_short_help = true)]
    seed: Option<u64>,
    /// Where the provider listens
    ///
    /// Issuers over TLS use the next six ports. With port 0, the system chooses
    /// free ports.
    #[arg(
        long,
        value_name = "ADDR",
        default_value = "127.0.0.1:0",
        env = "OIDC_HARNESS_IDP_LISTEN",
        help_heading = PROVIDER
    )]
    idp_listen: SocketAddr,
    /// The provider's URL for the server, if it differs
    #[arg(long, value_name = "URL", env = "OIDC_HARNESS_IDP_URL", help_heading = PROVIDER)]
    idp_url: Option<Url>,
    /// The folder of a CA that the server trusts
    ///
    /// `oidc-harness ca` creates it. Without this flag, the run skips scenarios
    /// over TLS.
    #[arg(long, value_name = "DIR", env = "OIDC_HARNESS_IDP_CA", help_heading = PROVIDER)]
    idp_ca: Option<PathBuf>,
    /// PEM file with the CA certificate of the server
    #[arg(long, value_name = "FILE", env = "OIDC_HARNESS_CA", help_heading = SERVER)]
    ca: Option<PathBuf>,
}

impl TargetArguments {
    /// Whether a run waits for another one.
    pub(super) const fn wait(&self) -> bool {
        self.server.wait()
    }

    /// The further flags that repeat this judgement.
    pub(super) fn untyped(&self) -> &'static [&'static str] {
        self.server.untyped()
    }

    /// Refuses flags that do nothing at another server. A variable may be meant
    /// for other runs.
    fn without_reference(&self) -> Result<(), UsageProblem> {
        let is_typed = self.version.is_some() && std::env::var_os(REFERENCE_VERSION).is_none();
        let flag = if !self.defects.is_empty() {
            "--defect"
        } else if is_typed {
            "--reference-version"
        } else {
            return Ok(());
        };
        Err(UsageProblem {
            text: format!("{flag} works only with the reference server"),
            help: Some(format!("remove {flag} or --target").into()),
        })
    }

    /// The files of these arguments that a run reads or changes.
    pub(super) fn files(&self) -> Vec<Own> {
        let authority = self.idp_ca.iter().flat_map(|folder| ["ca.pem", "ca.key"].map(|name| folder.join(name)));
        let authority = authority.map(|path| ("part of the provider's certificate authority", path));
        let ca = self.ca.iter().map(|path| ("the certificate of the server's authority", path.clone()));
        self.server.files().chain(authority).chain(ca).collect()
    }

    /// The server's address; none for the reference server.
    pub(super) fn address(&self) -> Result<Option<&str>, UsageProblem> {
        self.server.address()
    }

    /// The file with the key.
    pub(super) fn key_file(&self) -> Option<&Path> {
        self.server.key_file()
    }

    /// The server without a key, to see whether it answers; none for the
    /// reference server.
    pub(super) fn unkeyed(&self) -> Result<Option<Immich>, UsageProblem> {
        let Some(url) = self.address()? else { return Ok(None) };
        let dialect = self.server.dialect()?;
        Ok(Some(Immich::new(client(self.ca.as_deref())?, url, ApiKey::new(""))?.with_dialect(dialect)))
    }

    /// Reads keys and certificates; `jobs` is how many tests at a time the
    /// reference server gets.
    pub(super) fn prepare(&self, jobs: usize) -> Result<(TargetChoice, WorkerOptions), UsageProblem> {
        self.idp_url.as_ref().map_or(Ok(()), check_provider_url).map_err(|error| format!("--idp-url: {error}"))?;
        let authority = ca::load(self.idp_ca.as_deref())
            .map_err(|error| UsageProblem { text: error.to_string(), help: Some(error.help().into()) })?;
        let target = match self.server.server()? {
            Some(server) => self.without_reference().map(|()| TargetChoice::Server(server))?,
            None => TargetChoice::Reference {
                version: self.version.clone().unwrap_or(NEWEST),
                defects: self.defects.clone(),
                jobs,
            },
        };
        let options = WorkerOptions {
            idp_listen: self.idp_listen,
            idp_url: self.idp_url.clone(),
            authority,
            seed: self.seed.unwrap_or_else(rand::random),
            client: client(self.ca.as_deref())?,
            browser_client: client(self.ca.as_deref())?,
            with_pages: false,
        };
        Ok((target, options))
    }
}

/// What is in the file of `--ca`, if there is one.
pub(super) fn authorities(ca: Option<&Path>) -> Result<Vec<u8>, String> {
    let Some(path) = ca else { return Ok(Vec::new()) };
    std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// The HTTP client for the server.
pub(super) fn client(ca: Option<&Path>) -> Result<reqwest::Client, UsageProblem> {
    http_client::of_the_system(&authorities(ca)?).map_err(|error| UsageProblem {
        text: error.to_string(),
        help: matches!(error, HttpClientError::Build(_)).then(|| WITHOUT_AUTHORITIES.into()),
    })
}

/// What to do on a machine whose system trusts no certificate authority.
const WITHOUT_AUTHORITIES: &str =
    "install the system's certificate authorities, such as Debian's package `ca-certificates`";

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use clap::Parser;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        target: TargetArguments,
    }

    /// Answers every request over every connection with the number of the
    /// connection.
    async fn counting(listener: tokio::net::TcpListener) {
        for number in 0.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                while stream.read(&mut [0; 4096]).await.unwrap() > 0 {
                    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{number}");
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
            });
        }
    }

    #[tokio::test]
    async fn what_scenarios_send_shares_no_connection_with_the_administrator() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(counting(listener));
        let Ok((_, options)) = Line::parse_from(["run"]).target.prepare(1) else { unreachable!("nothing is wrong") };
        let mut connections = Vec::new();
        for client in [&options.client, &options.client, &options.browser_client, &options.client] {
            connections.push(client.get(&url).send().await.unwrap().text().await.unwrap());
        }
        assert_eq!(connections, ["0", "0", "1", "0"]);
    }
}
