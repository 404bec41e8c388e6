//! A run is killed at every request, and at random moments; its server fails
//! in the middle. Afterwards `restore` leaves nothing behind, or a clear word
//! says what is left.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use crate::golden;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rstest::rstest;

use crate::environment::bare;
use crate::proxy::{Proxy, Trouble};
use crate::server::{Staging, client, is_alive, shown, signal};
use crate::skipped::{missing, skipped};

/// Few tests, but all that a run does: sign-ins, accounts, several settings.
const FILTER: &str = "auto-register/linked-by-email";

/// Tests that create accounts side by side, and some that play alone.
const SIDE_BY_SIDE: &str = "auto-register/";

async fn staging() -> (Staging, Arc<Proxy>) {
    let mut staging = Staging::start().await;
    let (proxy, address) = Proxy::before(&staging.url, client()).await;
    staging.address = address;
    (staging, proxy)
}

fn start(staging: &Staging, proxy: &Proxy, trouble: Trouble) -> Child {
    spawn(staging.run_of(FILTER), proxy, trouble)
}

fn spawn(mut run: Command, proxy: &Proxy, trouble: Trouble) -> Child {
    *proxy.trouble.lock().unwrap() = trouble;
    *proxy.run.lock().unwrap() = None;
    proxy.seen.lock().unwrap().clear();
    let child = run.spawn().unwrap();
    *proxy.run.lock().unwrap() = Some(child.id());
    child
}

async fn finished(child: Child) -> Output {
    tokio::task::spawn_blocking(|| child.wait_with_output().unwrap()).await.unwrap()
}

async fn restored(staging: &Staging, proxy: &Arc<Proxy>) {
    *proxy.trouble.lock().unwrap() = Trouble::None;
    proxy.open().await;
    let output = finished(staging.command("restore").spawn().unwrap()).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

/// The requests of a run in which nothing goes wrong.
async fn undisturbed(staging: &Staging, proxy: &Proxy) -> Vec<String> {
    let output = finished(start(staging, proxy, Trouble::None)).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    proxy.seen.lock().unwrap().clone()
}

/// How many moments, where a test can be asked for more.
fn moments(usual: u32) -> u32 {
    std::env::var("UNDER_FIRE_MOMENTS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// In parts, which wait beside one another.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_every_request(#[values(0, 1, 2, 3)] part: usize) {
    let (staging, proxy) = staging().await;
    let requests = undisturbed(&staging, &proxy).await;
    // Every phase of a run is among them.
    for phase in ["GET /api/server/ping", "PUT /api/admin/config", "POST /api/oauth/callback", "POST /api/admin/users"]
    {
        assert!(requests.iter().any(|request| request == phase), "{requests:?}");
    }
    for number in (1..=requests.len()).filter(|number| number % 4 == part) {
        for trouble in [Trouble::KillBefore(number), Trouble::KillAfter(number)] {
            let output = finished(start(&staging, &proxy, trouble)).await;
            assert_eq!(output.status.code(), None, "{trouble:?}: {}", shown(&output));
            restored(&staging, &proxy).await;
        }
    }
}

/// The same run under `strace`, which looks at every call to the system that
/// touches the journal, the file that is to replace it, its lock or its folder.
fn traced(staging: &Staging, log: &Path, more: &[String]) -> Command {
    let run = staging.run_of(FILTER);
    let mut command = bare(Command::new("strace"), staging.folder.path());
    command.args(["--follow-forks", "--quiet=all", "-e", "trace=%file,%desc"]);
    for path in ["journal", "journal.new", "journal.lock", ""] {
        command.arg("-P").arg(staging.folder.path().join(path));
    }
    command.arg("--output").arg(log).args(more);
    command.env("TOKIO_WORKER_THREADS", "1");
    command.arg(run.get_program()).args(run.get_args()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Thread and name of each, in order, out of lines like `4711 fsync(9) = 0`.
fn calls(log: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let calls = text.lines().filter_map(|line| {
        let (thread, rest) = line.split_once(' ')?;
        let (name, _) = rest.trim_start().split_once('(')?;
        // What only looks, or lets go, leaves the disk as it is.
        let changes = ["mkdir", "openat", "flock", "write", "fsync", "rename", "unlink"].contains(&name);
        changes.then(|| (thread.to_owned(), name.to_owned()))
    });
    calls.collect()
}

/// In parts, as above.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_every_touch_of_the_journal(#[values(0, 1)] part: usize) {
    let (staging, _proxy) = staging().await;
    let log = staging.folder.path().join("calls");
    let Ok(child) = traced(&staging, &log, &[]).spawn() else {
        missing("strace is not installed");
        return;
    };
    let output = finished(child).await;
    let calls = calls(&log);
    if calls.is_empty() {
        skipped(&format!("strace may not look here: {}", shown(&output)));
        return;
    }
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    // All that a journal goes through: locked; time and again written anew,
    // safe on disk with its name; taken away, and the lock last.
    let count = |step: &str| calls.iter().filter(|(_, call)| call == step).count();
    let written = count("write");
    assert!(written > 2, "{calls:?}");
    for (step, times) in [("flock", 1), ("fsync", 2 * written + 1), ("rename", written), ("unlink", 2)] {
        assert_eq!(count(step), times, "{step}: {calls:?}");
    }
    // What comes after it is taken away touches nothing any more.
    let end = calls.iter().rposition(|(_, call)| call == "unlink").unwrap();
    let calls = &calls[..=end];
    let mut killed = BTreeSet::new();
    for (index, (thread, call)) in calls.iter().enumerate() {
        // Each thread has its own count, so the first one to reach it dies.
        let time = calls[..=index].iter().filter(|(other, earlier)| (other, earlier) == (thread, call)).count();
        if !killed.insert((call, time)) || killed.len() % 2 != part {
            continue;
        }
        let inject = ["-e".to_owned(), format!("inject={call}:signal=KILL:when={time}")];
        let output = finished(traced(&staging, &log, &inject).spawn().unwrap()).await;
        assert_eq!(output.status.code(), None, "{call} {time}: {}", shown(&output));
        let output = finished(staging.command("restore").spawn().unwrap()).await;
        assert_eq!(output.status.code(), Some(0), "{call} {time}: {}", shown(&output));
        staging.is_as_it_was().await;
    }
    // Where two threads come equally far, the first one dies.
    assert!(killed.len() * 2 > calls.len(), "{killed:?} of {calls:?}");
}

/// In parts, as above.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn killed_or_asked_to_end_at_random_moments(
    #[values(3, 4)] seed: u64,
    #[values((FILTER, "1"), (SIDE_BY_SIDE, "8"))] (filter, jobs): (&str, &str),
) {
    let (staging, proxy) = staging().await;
    let run = || {
        let mut run = staging.run_of(filter);
        run.args(["--jobs", jobs]);
        run
    };
    let output = finished(spawn(run(), &proxy, Trouble::None)).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    let requests = proxy.seen.lock().unwrap().len();
    let mut random = StdRng::seed_from_u64(seed);
    let mut caught = 0;
    for index in 0..moments(20) {
        let name = ["-KILL", "-KILL", "-INT", "-TERM"][index as usize % 4];
        let mut child = spawn(run(), &proxy, Trouble::None);
        // A moment is counted in requests, so that it falls into the run on a
        // slow machine as on a fast one; the delay places it between two.
        let seen = random.random_range(0..requests);
        let delay = Duration::from_micros(random.random_range(0..5_000));
        // Side by side, a run may need fewer requests than the one that was counted.
        while proxy.seen.lock().unwrap().len() < seen && child.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(delay).await;
        if child.try_wait().unwrap().is_none() {
            signal(&child, name);
        }
        let output = finished(child).await;
        match (name, output.status.code()) {
            ("-KILL", None) => caught += 1,
            (_, Some(130)) => {
                caught += 1;
                staging.is_as_it_was().await;
            }
            // Before it listened for signals, and so before it did anything.
            (_, None) => staging.is_as_it_was().await,
            (_, code) => assert_eq!(code, Some(0), "{}", shown(&output)),
        }
        restored(&staging, &proxy).await;
    }
    assert!(caught > 0, "every run was over before");
}

#[rstest]
#[case("server-error", |at| Trouble::Status(at, 500))]
#[case("key-revoked", |at| Trouble::Status(at, 401))]
#[case("gone", Trouble::Gone)]
#[case("connection-refused", Trouble::Refused)]
#[tokio::test(flavor = "multi_thread")]
async fn the_server_fails_in_the_middle(#[case] name: &str, #[case] trouble: fn(usize) -> Trouble) {
    let (staging, proxy) = staging().await;
    let requests = undisturbed(&staging, &proxy).await;
    let puts = requests.iter().enumerate().filter(|(_, request)| *request == "PUT /api/admin/config");
    let moments: Vec<usize> = puts.map(|(index, _)| index + 2).collect();
    assert!(!moments.is_empty(), "{requests:?}");
    for at in moments {
        let output = finished(start(&staging, &proxy, trouble(at))).await;
        assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
        // What became of the tests is another matter.
        let said: String =
            shown(&output).lines().skip_while(|line| !ends_a_run(line)).map(|line| line.to_owned() + "\n").collect();
        golden::compare(name, &staging, &said);
        restored(&staging, &proxy).await;
    }
}

/// The server made a change of settings and its answer was lost: that is the
/// run's own change, and the run restores everything.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_lost_in_the_middle() {
    let (staging, proxy) = staging().await;
    let requests = undisturbed(&staging, &proxy).await;
    let puts: Vec<usize> = (0..requests.len()).filter(|index| requests[*index] == "PUT /api/admin/config").collect();
    // The last one puts the settings back.
    let (_, changes) = puts.split_last().unwrap();
    assert!(!changes.is_empty(), "{requests:?}");
    for at in changes {
        let output = finished(start(&staging, &proxy, Trouble::Lost(at + 1))).await;
        assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
        assert!(!shown(&output).contains("left: "), "{}", shown(&output));
        staging.is_as_it_was().await;
    }
}

/// The journal is sealed with a key that does not work any more; another one
/// does what is left to do.
#[tokio::test(flavor = "multi_thread")]
async fn restore_with_another_key_than_that_of_the_run() {
    let (staging, proxy) = staging().await;
    let old = staging.folder.path().join("old");
    std::fs::write(&old, "a-key-of-another-name").unwrap();
    *proxy.alias.lock().unwrap() = Some(("a-key-of-another-name".to_owned(), staging.key().secret().to_owned()));
    let key = staging.folder.path().join("key");
    let run = staging.run_of(FILTER);
    let words = run.get_args().map(|word| if word == key.as_os_str() { old.as_os_str() } else { word });
    let mut command = bare(Command::new(run.get_program()), staging.folder.path());
    let mut child = command.args(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while !proxy.seen.lock().unwrap().iter().any(|request| request == "PUT /api/admin/config") {
        is_alive(&mut child);
        tokio::task::yield_now().await;
    }
    *proxy.alias.lock().unwrap() = None;
    assert_eq!(child.wait().unwrap().code(), Some(3));
    let output = finished(staging.command("restore").spawn().unwrap()).await;
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    golden::compare("sealed", &staging, &shown(&output));
    let mut command = staging.command("restore");
    command.arg("--sealing-key-file").arg(&old);
    let output = finished(command.spawn().unwrap()).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    staging.is_as_it_was().await;
}

fn ends_a_run(line: &str) -> bool {
    line.starts_with("error: ") && !line.starts_with("error: `")
}

/// A disk of one page, which is taken already: the journal cannot be written,
/// so nothing may be changed.
#[tokio::test(flavor = "multi_thread")]
async fn the_disk_is_full() {
    let (staging, proxy) = staging().await;
    let disk = staging.folder.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let run = staging.run_of(FILTER);
    let words: Vec<_> = run
        .get_args()
        .map(|word| word.to_str().unwrap().replace(staging.journal().to_str().unwrap(), "disk/journal"))
        .collect();
    let script = "mount -t tmpfs -o size=4k none disk && head -c 4096 /dev/zero > disk/full && exec \"$@\"";
    let mut command = bare(Command::new("unshare"), staging.folder.path());
    command.args(["-r", "-m", "sh", "-c", script, "sh"]).arg(run.get_program()).args(words);
    command.current_dir(staging.folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = finished(command.spawn().unwrap()).await;
    if shown(&output).contains("unshare:") || shown(&output).contains("mount:") {
        skipped("no user may mount a small disk here");
        return;
    }
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    golden::compare("disk-full", &staging, &shown(&output));
    let requests = proxy.seen.lock().unwrap().clone();
    // Nor does it change anything to look whether there are these.
    let looks = ["POST /api/oauth/backchannel-logout", "DELETE /api/admin/users/00000000-0000-4000-8000-000000000000"];
    let looks = |request: &String| request.starts_with("GET ") || looks.contains(&request.as_str());
    assert!(requests.iter().all(looks), "{requests:?}");
    staging.is_as_it_was().await;
}
