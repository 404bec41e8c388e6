//! The tests of another crate, seen from outside. With `AS_TEST_FILE`, this
//! binary is the test file of docs/cargo-test.md, at the address that the
//! variable says; without it, it lays out that crate's folder and starts itself
//! there.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Output, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Trial};
use tempfile::TempDir;

#[path = "documents/block.rs"]
mod block;
mod environment;

const PAGE: &str = "cargo-test.md";
const AS_TEST_FILE: &str = "AS_TEST_FILE";
const PAUSE: Duration = Duration::from_millis(20);

fn main() -> ExitCode {
    if let Ok(address) = std::env::var(AS_TEST_FILE) {
        return oidc_harness::cargo_test(&["--target", &format!("http://{address}"), "--api-key-file", "api-key"])
            .start(Command::new("./start-server"))
            .scenarios("scenarios")
            .run();
    }
    let tests: [(&str, fn()); 9] = [
        ("the page has the example of the function", the_page_has_the_example_of_the_function),
        ("listing starts no server", listing_starts_no_server),
        ("a server is started, tested and stopped", a_server_is_started_tested_and_stopped),
        ("a failure says how to repeat it", a_failure_says_how_to_repeat_it),
        ("a test alone is a run", a_test_alone_is_a_run),
        ("another server at the address is left alone", another_server_at_the_address_is_left_alone),
        ("a named server is tested instead", a_named_server_is_tested_instead),
        ("a command that ends is no server", a_command_that_ends_is_no_server),
        ("an interruption stops the server", an_interruption_stops_the_server),
    ];
    let trial = |(name, test): (&str, fn())| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    };
    libtest_mimic::run(&Arguments::from_args(), tests.map(trial).into()).exit_code()
}

/// The crate of the page, with a server at a free port.
struct OtherCrate {
    folder: TempDir,
    address: String,
}

impl OtherCrate {
    fn new() -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let folder = tempfile::tempdir().unwrap();
        for block in ["toml", "rust", "sh"].iter().flat_map(|language| block::blocks(language)) {
            let Some((path, text)) = file(&block).filter(|_| block.page == PAGE) else { continue };
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, text.replace("127.0.0.1:2283", &address)).unwrap();
        }
        let start = folder.path().join("start-server");
        std::fs::set_permissions(start, std::fs::Permissions::from_mode(0o755)).unwrap();
        Self { folder, address }
    }

    /// Has the server started otherwise.
    fn started_by(self, script: &str) -> Self {
        let text = format!("#!/bin/sh\nrm -f api-key\n{script}\n");
        std::fs::write(self.folder.path().join("start-server"), text.replace("ADDRESS", &self.address)).unwrap();
        self
    }

    fn test(&self, arguments: &[&str]) -> Command {
        let mut command = environment::bare(Command::new(std::env::current_exe().unwrap()), self.folder.path());
        let program = Path::new(env!("CARGO_BIN_EXE_oidc-harness")).parent().unwrap().to_owned();
        let folders = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(program).chain(std::env::split_paths(&folders));
        command.env("PATH", std::env::join_paths(folders).unwrap()).env(AS_TEST_FILE, &self.address);
        command.args(arguments).current_dir(self.folder.path());
        command
    }

    fn is_stopped(&self) -> bool {
        TcpStream::connect(&self.address).is_err()
    }
}

/// The path that the first line of a block says, and the rest.
fn file(block: &block::Block) -> Option<(String, &str)> {
    let (first, rest) = block.text.split_once('\n')?;
    if first.starts_with("#!") {
        let path = rest.lines().next()?.strip_prefix("# ")?;
        return Some((path.to_owned(), &block.text));
    }
    let path = first.strip_prefix("# ").or_else(|| first.strip_prefix("// "))?;
    Some((path.to_owned(), rest))
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn the_page_has_the_example_of_the_function() {
    let of_page = |page: &str| block::blocks("rust").into_iter().find(|block| block.page == page).unwrap();
    let page = of_page(PAGE);
    let (path, text) = file(&page).unwrap();
    assert_eq!(path, "tests/oidc.rs");
    assert_eq!(of_page("README.md").text, text);
    let source = include_str!("../harness/src/cargo_test/suite.rs");
    let example = source.split("/// ```").find_map(|part| part.strip_prefix("no_run\n")).unwrap();
    let example: Vec<&str> = example.lines().map(|line| line.trim_start_matches("///").trim_start()).collect();
    assert_eq!(example, text.lines().map(str::trim_start).collect::<Vec<_>>());
}

fn listing_starts_no_server() {
    let other = OtherCrate::new();
    let output = other.test(&["--list", "--format", "terse"]).output().unwrap();
    let said = said(&output);
    assert!(output.status.success(), "{said}");
    let names: Vec<&str> = said.lines().map(|line| line.strip_suffix(": test").unwrap_or(line)).collect();
    assert!(names.len() > 900 && names.contains(&"ours/new-account"), "{said}");
    let ignored = other.test(&["--list", "--format", "terse", "--ignored"]).output().unwrap();
    assert!(ignored.status.success() && ignored.stdout.is_empty());
    assert!(!other.folder.path().join("api-key").exists(), "the server was started");
}

fn a_server_is_started_tested_and_stopped() {
    // The shell stays, and the server is its child.
    let other = OtherCrate::new().started_by("oidc-harness reference --listen ADDRESS --api-key-file api-key & wait");
    let output = other.test(&["ours/"]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("test ours/new-account ... ok"), "{}", said(&output));
    assert!(other.is_stopped());
    assert!(other.folder.path().join("api-key").exists());
}

fn a_failure_says_how_to_repeat_it() {
    let script = "exec oidc-harness reference --listen ADDRESS --api-key-file api-key --defect audience-ignored";
    let other = OtherCrate::new().started_by(script);
    let output = other.test(&["id-token/wrong-audience"]).output().unwrap();
    let said = said(&output);
    assert_eq!(output.status.code(), Some(101), "{said}");
    assert!(said.contains("Accepts an ID token made for another client"), "{said}");
    // One of the two tests shows the problem, the other one names that test.
    let words = said.split_whitespace().filter(|word| *word != "\\").collect::<Vec<_>>().join(" ");
    let cases = ["claims-in-userinfo", "claims-in-id-token"];
    let shown = cases
        .into_iter()
        .find(|shown| {
            words.contains(&format!("see the test id-token/wrong-audience::{shown}, which shows the same problem"))
        })
        .unwrap();
    let again = format!("oidc-harness run id-token/wrong-audience::{shown} --target http://{}", other.address);
    assert!(words.contains(&format!("{again} --api-key-file api-key")), "{said}");
    assert_eq!(words.matches("again oidc-harness").count(), 1, "{said}");
    assert!(words.contains("1. Accepts an ID token made for another client (high, 2 tests)"), "{said}");
    assert!(words.contains("1 requirement not met: 2 tests fail (severity: 1 high)"), "{said}");
    assert!(other.is_stopped());
}

/// As cargo-nextest starts it.
fn a_test_alone_is_a_run() {
    let other = OtherCrate::new();
    let names = ["ours/new-account", "id-token/wrong-audience::claims-in-userinfo"];
    let started = names.map(|name| other.test(&[name, "--exact", "--nocapture"]).spawn().unwrap());
    for mut process in started {
        assert!(process.wait().unwrap().success());
    }
    let output = other.test(&["--exact", "the server is as it was, and something passed"]).output().unwrap();
    assert!(output.status.success() && said(&output).contains("no case is chosen"), "{}", said(&output));
    assert!(other.is_stopped());
}

fn another_server_at_the_address_is_left_alone() {
    let other = OtherCrate::new();
    let (mut running, _) = reference(&other);
    let output = other.test(&["ours/"]).output().unwrap();
    running.kill().unwrap();
    running.wait().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let expected = format!(
        "error: http://{0} already answers, although the test has not started its server yet\nhelp: stop the server that \
         answers there, or set OIDC_HARNESS_TARGET=http://{0} to test it\n",
        other.address
    );
    assert_eq!(said(&output), expected);
}

fn a_named_server_is_tested_instead() {
    let named = OtherCrate::new();
    let (mut running, key) = reference(&named);
    let other = OtherCrate::new();
    let mut command = other.test(&["ours/"]);
    command.env("OIDC_HARNESS_TARGET", format!("http://{}", named.address)).env("OIDC_HARNESS_API_KEY", key);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(!other.folder.path().join("api-key").exists(), "the server was started");
    assert!(running.try_wait().unwrap().is_none());
    running.kill().unwrap();
    running.wait().unwrap();
}

/// A server at that address that no test started, and its key.
fn reference(at: &OtherCrate) -> (Child, String) {
    let mut command = environment::harness(at.folder.path());
    command.args(["reference", "--listen", &at.address, "--api-key-file", "key"]).current_dir(at.folder.path());
    let running = command.stdout(Stdio::null()).spawn().unwrap();
    let key = at.folder.path().join("key");
    while std::fs::metadata(&key).map_or(true, |file| file.len() == 0) {
        std::thread::sleep(PAUSE);
    }
    (running, std::fs::read_to_string(key).unwrap())
}

fn a_command_that_ends_is_no_server() {
    let other = OtherCrate::new().started_by("exit 7");
    let output = other.test(&["ours/"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let expected = "error: `./start-server` ended before the server answered: exit status: 7\nhelp: use a command that \
                    runs as long as the server does, such as `docker compose up` without -d\n";
    assert_eq!(said(&output), expected);
    let start = other.folder.path().join("start-server");
    for (mode, text, help) in [
        (0o644, "#!/bin/sh\n", "help: make the file executable: `chmod +x FILE`"),
        (0o755, "# start-server\n", "help: begin the script with the program that runs it, such as `#!/bin/sh`"),
        (
            0o755,
            "#!/bin/sh\nexec not-installed\n",
            "help: install the program that the command calls, or add its folder to PATH",
        ),
    ] {
        std::fs::write(&start, text).unwrap();
        std::fs::set_permissions(&start, std::fs::Permissions::from_mode(mode)).unwrap();
        let output = other.test(&["ours/"]).output().unwrap();
        assert!(said(&output).contains(help), "{}", said(&output));
    }
    std::fs::remove_file(start).unwrap();
    let output = other.test(&["ours/"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(
        said(&output).starts_with("error: cannot start the server with `./start-server`: No such file"),
        "{}",
        said(&output)
    );
}

fn an_interruption_stops_the_server() {
    let other = OtherCrate::new().started_by("sleep 600 & touch started; wait");
    let mut running = other.test(&["ours/"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while !other.folder.path().join("started").exists() {
        assert!(running.try_wait().unwrap().is_none(), "it ended");
        std::thread::sleep(PAUSE);
    }
    let start = Instant::now();
    Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap();
    // What the server has started holds the output open until it ends.
    let output = running.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", said(&output));
    assert_eq!(said(&output), "error: interrupted; the test stopped the server\n");
    assert!(start.elapsed() < Duration::from_secs(300), "it ran on");
}
