//! `oidc-harness run`.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use mock_idp::CertificateAuthority;
use url::Url;

use super::api_key::KeySource;
use super::ca;
use super::output::{catalogue, colour, complain, fail, print, render};
use super::progress::Progress;
use super::sink::{Sink, write};
use crate::exit::ExitCode;
use crate::http_client;
use crate::report::{Detail, Human, Style, formats_help};
use crate::runner::{Run, RunError, TargetChoice, WorkerOptions};
use crate::scenario::{Filter, Shard};
use crate::target::{Baseline, Consents, Journal};

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct Arguments {
    /// Scenario files or folders; the built-in ones if none is given.
    paths: Vec<PathBuf>,
    /// What is judged: `reference`, or the address of a server.
    #[arg(long, value_name = "reference|URL", default_value = "reference", env = "OIDC_HARNESS_TARGET")]
    target: String,
    #[command(flatten)]
    key: KeySource,
    /// Only tests whose name contains this.
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Only scenarios with this tag.
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Only one of several even parts of the tests, such as 1/4; `merge`
    /// joins their JSON reports.
    #[arg(long, value_name = "I/N", env = "OIDC_HARNESS_SHARD")]
    shard: Option<Shard>,
    #[arg(long = "report", value_name = "KIND[=FILE]", help = formats_help())]
    reports: Vec<String>,
    /// A baseline file, or `none` to judge without.
    #[arg(long, value_name = "FILE|none", env = "OIDC_HARNESS_BASELINE")]
    baseline: Option<String>,
    /// Findings make the run red, too.
    #[arg(long)]
    strict: bool,
    /// How many tests at a time against the reference server.
    #[arg(long, value_name = "N", env = "OIDC_HARNESS_JOBS")]
    jobs: Option<usize>,
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
    /// Only looks whether the server can be judged, check by check.
    #[arg(long)]
    preflight_only: bool,
    /// Ends at the first red test.
    #[arg(long)]
    fail_fast: bool,
    /// A defect to plant in the reference server; may be given several times.
    #[arg(long = "defect", value_name = "NAME")]
    defects: Vec<String>,
    /// Names passing tests, too.
    #[arg(long, short)]
    verbose: bool,
    /// Names only what is not as it should be, at the end.
    #[arg(long, short, conflicts_with = "verbose")]
    quiet: bool,
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

fn prepare(arguments: &Arguments, authority: Option<Arc<CertificateAuthority>>) -> Result<Run, String> {
    let target = if arguments.target == "reference" {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        TargetChoice::Reference { defects: arguments.defects.clone(), jobs: arguments.jobs.unwrap_or(cores) }
    } else {
        let origin = arguments.target.trim_end_matches('/').trim_end_matches("/api");
        TargetChoice::Server {
            url: arguments.target.clone(),
            key: arguments.key.read()?,
            journal: journal_path(arguments.journal.clone(), origin),
            consents: Consents { replace_oauth_settings: arguments.replace_oauth_settings, production: arguments.yes },
        }
    };
    let baseline = match arguments.baseline.as_deref() {
        None | Some("none") => None,
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| format!("{path} cannot be read: {error}"))?;
            Some(Baseline::parse(path, &text).map_err(|error| error.to_string())?)
        }
    };
    Ok(Run {
        target,
        options: WorkerOptions {
            idp_listen: arguments.idp_listen,
            idp_url: arguments.idp_url.clone(),
            authority,
            seed: arguments.seed.unwrap_or_else(rand::random),
            client: client(arguments.ca.as_deref())?,
        },
        baseline,
        find_baseline: arguments.baseline.is_none(),
        strict: arguments.strict,
        fail_fast: arguments.fail_fast,
    })
}

pub(super) async fn execute(arguments: Arguments) -> ExitCode {
    let authority = match ca::load(arguments.idp_ca.as_deref()) {
        Ok(authority) => authority,
        Err(error) => return fail(&error, Some(error.help()), ExitCode::Usage),
    };
    let prepared = Sink::parse(&arguments.reports).and_then(|sinks| Ok((sinks, prepare(&arguments, authority)?)));
    let (sinks, run) = match prepared {
        Ok(prepared) => prepared,
        Err(problem) => return fail(&problem, None, ExitCode::Usage),
    };
    if arguments.preflight_only {
        return preflight(&run).await;
    }
    let mut catalogue = match catalogue(&arguments.paths) {
        Ok(catalogue) => catalogue,
        Err(error) => return fail(&error, None, ExitCode::Usage),
    };
    if !catalogue.broken.is_empty() {
        complain(render(&catalogue.broken).trim_end());
        return ExitCode::Usage;
    }
    catalogue.retain(&Filter { text: arguments.filter.clone(), tag: arguments.tag.clone() });
    if let Some(shard) = arguments.shard {
        catalogue.retain_shard(shard);
    }
    if catalogue.scenarios.is_empty() {
        return fail(
            &"no test fits --filter, --tag and --shard",
            Some("`oidc-harness list` names them all"),
            ExitCode::Usage,
        );
    }
    let sources: HashMap<_, _> =
        catalogue.scenarios.iter().map(|scenario| (scenario.name.clone(), scenario.source.clone())).collect();
    let detail = match (arguments.quiet, arguments.verbose) {
        (true, _) => Detail::Quiet,
        (false, true) => Detail::Verbose,
        (false, false) => Detail::Usual,
    };
    let style = Style { colour: colour(), detail };
    let human = Human::new(style, arguments.strict, sources);
    let shown = sinks.iter().any(Sink::is_live);
    let progress = Progress::of(catalogue.tests(), shown && detail > Detail::Quiet);
    let played = run
        .play(catalogue, |case| {
            if shown {
                progress.test(case, &human.case(case));
            }
        })
        .await;
    progress.end();
    match played {
        Ok(report) => write(&report, &sinks, style, shown),
        Err(error) => ended_badly(&run, &error),
    }
}

fn ended_badly(run: &Run, error: &RunError) -> ExitCode {
    let code = say(error);
    if let (true, TargetChoice::Server { url, journal, .. }) = (run.is_unfinished(), &run.target) {
        complain(&format!(
            "left: {url} has settings and perhaps accounts of the run; `oidc-harness restore --target {url} --journal {}`, \
             with the same key, puts everything back",
            journal.display()
        ));
    }
    code
}

fn say(error: &RunError) -> ExitCode {
    if matches!(error, RunError::Interrupted) {
        complain(&error.to_string());
        return error.exit_code();
    }
    fail(error, error.help(), error.exit_code())
}

async fn preflight(run: &Run) -> ExitCode {
    let found = match run.preflight().await {
        Ok(found) => found,
        Err(error) => return ended_badly(run, &error),
    };
    for check in &found.checks {
        if let Ok(text) = &check.outcome {
            print(&format!("ok    {}: {text}\n", check.name));
        }
    }
    match found.failure() {
        Some(error) => fail(error, Some(error.help()), ExitCode::Unreachable),
        None => ExitCode::Good,
    }
}
