//! A run is killed at every request, and at random moments; its server fails
//! in the middle. Afterwards `restore` leaves nothing behind, or a clear word
//! says what is left.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::io::Write;
use std::process::{Child, Output};
use std::sync::Arc;
use std::time::Instant;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rstest::rstest;

#[path = "staging/golden.rs"]
mod golden;
#[path = "staging/proxy.rs"]
mod proxy;
#[path = "staging/server.rs"]
#[expect(dead_code, reason = "settings come over the API here")]
mod server;

use proxy::{Proxy, Trouble};
use server::{Staging, client, shown, signal};

/// Few tests, but all that a run does: sign-ins, accounts, several settings.
const FILTER: &str = "auto-register/linked-by-email";

async fn staging() -> (Staging, Arc<Proxy>) {
    let mut staging = Staging::start().await;
    let (proxy, address) = Proxy::before(&staging.url, client()).await;
    staging.address = address;
    (staging, proxy)
}

fn start(staging: &Staging, proxy: &Proxy, trouble: Trouble) -> Child {
    *proxy.trouble.lock().unwrap() = trouble;
    *proxy.run.lock().unwrap() = None;
    proxy.seen.lock().unwrap().clear();
    let child = staging.run_of(FILTER).spawn().unwrap();
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

/// How many moments, where a test can be asked for more.
fn moments(usual: u32) -> u32 {
    std::env::var("UNDER_FIRE_MOMENTS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_every_request() {
    let (staging, proxy) = staging().await;
    let output = finished(start(&staging, &proxy, Trouble::None)).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    let requests = proxy.seen.lock().unwrap().clone();
    // Every phase of a run is among them.
    for phase in ["GET /api/server/ping", "PUT /api/system-config", "POST /api/oauth/callback", "POST /api/admin/users"]
    {
        assert!(requests.iter().any(|request| request == phase), "{requests:?}");
    }
    for number in 1..=requests.len() {
        for trouble in [Trouble::KillBefore(number), Trouble::KillAfter(number)] {
            let output = finished(start(&staging, &proxy, trouble)).await;
            // Deletions in the background come in any order, so the last few
            // requests may never be made.
            let killed = output.status.code().is_none();
            assert!(killed || number + 6 > requests.len(), "{trouble:?}: {}", shown(&output));
            restored(&staging, &proxy).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_or_asked_to_end_at_random_moments() {
    let (staging, proxy) = staging().await;
    let since = Instant::now();
    finished(start(&staging, &proxy, Trouble::None)).await;
    let whole = since.elapsed();
    let mut random = StdRng::seed_from_u64(3);
    let mut caught = 0;
    for index in 0..moments(40) {
        let name = ["-KILL", "-KILL", "-INT", "-TERM"][index as usize % 4];
        let child = start(&staging, &proxy, Trouble::None);
        let moment = whole.mul_f64(random.random_range(0.0..1.0));
        tokio::time::sleep(moment).await;
        signal(&child, name);
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
    finished(start(&staging, &proxy, Trouble::None)).await;
    let requests = proxy.seen.lock().unwrap().clone();
    let puts = requests.iter().enumerate().filter(|(_, request)| *request == "PUT /api/system-config");
    for at in puts.map(|(index, _)| index + 2) {
        let output = finished(start(&staging, &proxy, trouble(at))).await;
        assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
        // What became of the tests is another matter.
        let said: String =
            shown(&output).lines().skip_while(|line| !ends_a_run(line)).map(|line| line.to_owned() + "\n").collect();
        golden::compare(name, &staging, &said);
        restored(&staging, &proxy).await;
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
    let mut child = std::process::Command::new(run.get_program()).args(words).spawn().unwrap();
    while !proxy.seen.lock().unwrap().iter().any(|request| request == "PUT /api/system-config") {
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
    let mut command = std::process::Command::new("unshare");
    command.args(["-r", "-m", "sh", "-c", script, "sh"]).arg(run.get_program()).args(words);
    command
        .current_dir(staging.folder.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let output = finished(command.spawn().unwrap()).await;
    if shown(&output).contains("unshare:") || shown(&output).contains("mount:") {
        let _ = writeln!(std::io::stderr(), "skipped: nobody may mount a small disk here");
        return;
    }
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    golden::compare("disk-full", &staging, &shown(&output));
    let requests = proxy.seen.lock().unwrap().clone();
    assert!(
        requests.iter().all(|request| request.starts_with("GET ") || request.contains("backchannel")),
        "{requests:?}"
    );
    staging.is_as_it_was().await;
}
