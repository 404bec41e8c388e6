//! How long a run takes against a distant server: the reference server in a
//! process of its own, between links that delay both what the harness sends to
//! it and what it sends to the provider.
//!
//! ```text
//! cargo bench -p oidc-harness --bench distance                    # about half an hour; prints a part of docs/speed.md
//! cargo bench -p oidc-harness --bench distance -- 50 id-token/    # one distance in ms, and the tests with this text
//! ```
//!
//! The harness plays scenarios over TLS only where the server trusts its
//! authority, so they are skipped here.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use oidc_harness::report::{CaseReport, Outcome, Report};
use oidc_harness::runner::turn_of;
use oidc_harness::scenario::Catalogue;

use link::{Link, Requests};

mod link;

const HARNESS: &str = env!("CARGO_BIN_EXE_oidc-harness");

/// Round trips in milliseconds.
const DISTANCES: &[u64] = &[0, 10, 50, 150];

/// What one run took.
struct Measured {
    report: Report,
    wall: Duration,
    to_server: Requests,
    to_provider: usize,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let mut page = io::stdout().lock();
    let (mut distances, mut filter) = (Vec::new(), None);
    // Cargo adds `--bench`.
    for word in std::env::args().skip(1).filter(|word| word != "--bench") {
        match word.parse() {
            Ok(distance) => distances.push(distance),
            Err(_) => filter = Some(word),
        }
    }
    if distances.is_empty() {
        distances.extend(DISTANCES);
    }
    writeln!(
        page,
        "| round trip | tests played | wall time | a test | floor | requests to the server | to the provider |"
    )?;
    writeln!(page, "|---|---|---|---|---|---|---|")?;
    let counted = requests_of_tests(&measure(Duration::ZERO, filter.as_deref(), &["--jobs=1"]).await?.report);
    let mut last = None;
    for distance in distances {
        let round_trip = Duration::from_millis(distance);
        let measured = measure(round_trip, filter.as_deref(), &[]).await?;
        writeln!(page, "{}", row(round_trip, &measured, &counted))?;
        last = Some(measured);
    }
    writeln!(page, "\n| route | requests |\n|---|---|")?;
    let mut routes: Vec<_> = last.into_iter().flat_map(|measured| measured.to_server).collect();
    routes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (route, count) in routes {
        writeln!(page, "| `{route}` | {count} |")?;
    }
    Ok(())
}

/// Ends the process when it is dropped.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a reference server. Returns it and where it is.
fn start(key: &Path) -> io::Result<(Server, SocketAddr)> {
    let mut command = Command::new(HARNESS);
    command.args(["reference", "--listen", "127.0.0.1:0", "--api-key-file"]).arg(key);
    let mut process = command.stdout(Stdio::piped()).spawn()?;
    let output = process.stdout.take();
    let server = Server(process);
    let mut line = String::new();
    BufReader::new(output.ok_or_else(|| io::Error::other("no output"))?).read_line(&mut line)?;
    let address = line.trim().strip_prefix("http://").and_then(|address| address.parse().ok());
    Ok((server, address.ok_or_else(|| io::Error::other(line))?))
}

async fn measure(round_trip: Duration, filter: Option<&str>, flags: &[&str]) -> io::Result<Measured> {
    let folder = tempfile::tempdir()?;
    let (key, report) = (folder.path().join("key"), folder.path().join("report.json"));
    let (_server, server) = start(&key)?;
    // A port that was free a moment ago.
    let provider = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let to_server = Link::open(server, round_trip).await?;
    let to_provider = Link::open(provider, round_trip).await?;
    let mut command = tokio::process::Command::new(HARNESS);
    command
        .args(["run", "--baseline", "none", "--target", &format!("http://{}", to_server.address)])
        .args(["--idp-listen", &provider.to_string(), "--idp-url", &format!("http://{}", to_provider.address)])
        .arg("--api-key-file")
        .arg(&key)
        .arg("--journal")
        .arg(folder.path().join("journal"))
        .args(flags)
        .args(filter.map(|filter| format!("--filter={filter}")))
        .arg("--report")
        .arg(format!("json={}", report.display()))
        .stdout(Stdio::null());
    let since = Instant::now();
    let status = command.status().await?;
    let wall = since.elapsed();
    if !status.success() {
        return Err(io::Error::other(format!("a run that is not green is no measure: {status}")));
    }
    let report: Report = serde_json::from_slice(&std::fs::read(report)?)?;
    let counted = |link: &Link| link.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(Measured { report, wall, to_server: counted(&to_server), to_provider: counted(&to_provider).values().sum() })
}

/// The settings of a turn are read and replaced before it.
const SETTINGS: usize = 2;

/// The tests of a run that were played.
fn played(report: &Report) -> impl Iterator<Item = &CaseReport> {
    report.results.iter().filter(|test| test.result.outcome != Outcome::Skipped)
}

/// How many requests each test of a run has, in a run of one test at a time: side by
/// side, the provider cannot tell to which test a request for a shared discovery
/// document or JWKS belongs, so that no test has it.
fn requests_of_tests(alone: &Report) -> BTreeMap<String, usize> {
    let requests = |test: &CaseReport| test.steps.held().iter().map(|step| step.exchanges.len()).sum();
    played(alone).map(|test| (test.test_name(), requests(test))).collect()
}

/// How many round trips must follow one another, however many tests play at a
/// time: those of the settings of each turn, and those of its longest test. What
/// a test does before and after its steps is not counted, nor are controls.
fn round_trips_in_a_row(report: &Report, requests: &BTreeMap<String, usize>) -> usize {
    let catalogue = Catalogue::embedded();
    let named = |test: &CaseReport| catalogue.scenarios.iter().find(|scenario| scenario.name == test.scenario);
    let mut turns: BTreeMap<String, usize> = BTreeMap::new();
    for test in played(report) {
        let Some(scenario) = named(test) else { continue };
        let Some(case) = scenario.cases().iter().find(|case| case.name == test.case) else { continue };
        let requests = requests.get(&test.test_name()).copied().unwrap_or_default();
        let longest = turns.entry(turn_of(scenario, case)).or_default();
        *longest = requests.max(*longest);
    }
    turns.values().map(|longest| SETTINGS + longest).sum()
}

fn row(round_trip: Duration, measured: &Measured, requests: &BTreeMap<String, usize>) -> String {
    let Measured { report, wall, to_server, to_provider } = measured;
    let (played, in_a_row) = (played(report).count(), round_trips_in_a_row(report, requests));
    let each = wall.as_secs_f64() * 1000.0 / f64::from(u32::try_from(played.max(1)).unwrap_or(u32::MAX));
    format!(
        "| {} ms | {played} | {:.1} s | {each:.0} ms | {:.1} s | {} | {to_provider} |",
        round_trip.as_millis(),
        wall.as_secs_f64(),
        (round_trip * u32::try_from(in_a_row).unwrap_or(u32::MAX)).as_secs_f64(),
        to_server.values().sum::<usize>(),
    )
}
