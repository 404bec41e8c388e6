//! How long the catalogue takes, and how that grows: all scenarios once, ten
//! and forty times over, against the reference server, in a process of its
//! own, with its memory, as JSON and as a page.
//!
//! ```text
//! cargo bench -p oidc-harness --bench catalogue   # about ten minutes; prints a part of docs/speed.md
//! ```
//!
//! A real server is asked for by `OIDC_HARNESS_TARGET` and the variables
//! beside it; then it is played once.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use oidc_harness::report::Report;

const HARNESS: &str = env!("CARGO_BIN_EXE_oidc-harness");
const ROUNDS: usize = 5;
const COPIES: &[usize] = &[1, 10, 40];
/// The reports beside JSON, which says what a run took.
const REPORTS: &[Option<&str>] = &[None, Some("html")];

/// What one run took.
struct Measured {
    tests: u32,
    wall: Duration,
    own: Duration,
    peak_kib: u64,
}

fn main() -> io::Result<()> {
    let mut page = io::stdout().lock();
    writeln!(page, "| against | reports | tests | wall time | a test | peak memory |\n|---|---|---|---|---|---|")?;
    if let Ok(target) = std::env::var("OIDC_HARNESS_TARGET") {
        let measured = measure(&scenarios(), None)?;
        writeln!(page, "{}", row(&target, None, &measured))?;
        writeln!(page, "\nOf that, {:.1} % is the harness's own.", percent(measured.own, measured.wall))?;
        return Ok(());
    }
    for copies in COPIES {
        let folder = tempfile::tempdir()?;
        multiply(*copies, folder.path())?;
        for report in REPORTS {
            let mut rounds = Vec::new();
            for _ in 0..if *copies == 1 { ROUNDS } else { 1 } {
                rounds.push(measure(folder.path(), *report)?);
            }
            rounds.sort_by_key(|measured| measured.wall);
            let name = format!("the reference server, catalogue times {copies}");
            writeln!(page, "{}", row(&name, *report, &rounds[rounds.len() / 2]))?;
        }
    }
    Ok(())
}

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios")
}

/// Copies of all topics, under names of their own.
fn multiply(copies: usize, into: &Path) -> io::Result<()> {
    for topic in fs::read_dir(scenarios())? {
        let topic = topic?;
        let name = topic.file_name().to_string_lossy().into_owned();
        if !topic.file_type()?.is_dir() || name == "baselines" {
            continue;
        }
        for copy in 1..=copies {
            let folder = into.join(format!("{name}-{copy}"));
            fs::create_dir_all(&folder)?;
            for file in fs::read_dir(topic.path())? {
                let file = file?;
                fs::copy(file.path(), folder.join(file.file_name()))?;
            }
        }
    }
    Ok(())
}

fn measure(folder: &Path, other_report: Option<&str>) -> io::Result<Measured> {
    let report = tempfile::NamedTempFile::new()?;
    let other = tempfile::NamedTempFile::new()?;
    let others = other_report.iter().map(|kind| format!("--report={kind}={}", other.path().display()));
    let since = Instant::now();
    let mut child = Command::new(HARNESS)
        .arg("run")
        .arg(folder)
        .arg("--report")
        .arg(format!("json={}", report.path().display()))
        .args(others)
        .stdout(Stdio::null())
        .spawn()?;
    let mut peak_kib = 0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        peak_kib = peak_kib.max(peak(&child).unwrap_or_default());
        thread::sleep(Duration::from_millis(10));
    };
    let wall = since.elapsed();
    if !status.success() {
        return Err(io::Error::other(format!("a run that is not green is no measure: {status}")));
    }
    let report: Report = serde_json::from_slice(&fs::read(report.path())?)?;
    let own = Duration::from_millis(report.milliseconds.saturating_sub(report.waited_for_target_milliseconds));
    Ok(Measured { tests: u32::try_from(report.results.len()).unwrap_or(u32::MAX), wall, own, peak_kib })
}

/// The most memory that the process had so far.
fn peak(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn percent(part: Duration, whole: Duration) -> f64 {
    100.0 * part.as_secs_f64() / whole.as_secs_f64()
}

fn row(name: &str, other_report: Option<&str>, measured: &Measured) -> String {
    let reports: String = other_report.iter().map(|kind| format!(", {kind}")).collect();
    let Measured { tests, wall, peak_kib, .. } = measured;
    let each = wall.as_secs_f64() * 1000.0 / f64::from((*tests).max(1));
    format!(
        "| {name} | json{reports} | {tests} | {:.2} s | {each:.2} ms | {} MiB |",
        wall.as_secs_f64(),
        peak_kib / 1024
    )
}
