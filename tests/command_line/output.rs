//! What becomes of results: where they are written, and what if they cannot be.

use std::io::Write;
use std::process::{Command, Output};

use harness::report::{Outcome, Report};
use rstest::rstest;

use super::{folder, golden, run};
use crate::environment;

/// Whether a report can be written is found out before the run, and nothing
/// is left of that where there is nothing to write.
#[test]
fn a_run_that_does_not_take_place_leaves_reports_alone() {
    let folder = folder();
    let older = std::fs::read(folder.path().join("run.json")).unwrap();
    let said = run(folder.path(), "run typo.toml --report json=run.json --report html=new.html", &[]);
    assert!(said.ends_with("exit 2\n"), "{said}");
    assert_eq!(std::fs::read(folder.path().join("run.json")).unwrap(), older);
    assert!(!folder.path().join("new.html").exists());
    let said = run(folder.path(), "run one.toml --report json=run.json --report html=new.html", &[]);
    assert!(said.ends_with("exit 0\n"), "{said}");
    assert_ne!(std::fs::read(folder.path().join("run.json")).unwrap(), older);
    assert!(folder.path().join("new.html").exists());
}

/// A pipe that its reader closed is no fault; a disk that is full is one.
#[cfg(target_os = "linux")]
#[rstest]
#[case("list")]
#[case("--help")]
#[case("run one.toml --report junit")]
#[case("run one.toml")]
fn what_cannot_be_printed_is_a_fault(#[case] arguments: &str) {
    let folder = folder();
    let mut command = environment::harness(folder.path());
    command.args(arguments.split_whitespace()).current_dir(folder.path());
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command.stdout(full).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let words = "error: cannot write to standard output: No space left on device (os error 28)\n\
                 help: the output is incomplete: check that the disk has free space\n";
    assert!(said.ends_with(words), "{said}");
    assert_eq!(output.status.code(), Some(4));
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = command.stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Its standard error, and how it ended.
fn complaint(output: &Output) -> String {
    format!("{}exit {}\n", String::from_utf8_lossy(&output.stderr), output.status.code().unwrap())
}

/// Only a report that shows the steps of tests that passed needs a temporary file.
#[test]
fn a_run_that_has_no_place_for_steps_does_not_begin() {
    let folder = folder();
    let run = |arguments: &str| {
        let mut command = environment::harness(folder.path());
        command.args(arguments.split_whitespace()).current_dir(folder.path()).env("TMPDIR", "/no/such/folder");
        complaint(&command.output().unwrap())
    };
    golden("no-temporary-file", run("run one.toml --report json=new.json"), &[]);
    assert!(!folder.path().join("new.json").exists());
    let said = run("run one.toml --report junit=new.xml");
    assert!(said.ends_with("exit 0\n"), "{said}");
}

/// The system refuses larger files, as it does where a disk is full.
#[cfg(target_os = "linux")]
#[test]
fn a_report_has_the_steps_for_which_there_is_no_place_on_the_disk() {
    let folder = folder();
    let mut command = environment::bare(Command::new("sh"), folder.path());
    // 25 is SIGXFSZ, which would end the process.
    command.args(["-c", "trap '' 25; ulimit -f 1; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_oidc-harness")]);
    command.args("run one.toml --report json".split_whitespace()).current_dir(folder.path()).env("TMPDIR", "/tmp");
    let output = command.output().unwrap();
    golden("temporary-file-full", complaint(&output), &[]);
    let report: Report = serde_json::from_slice(&output.stdout).unwrap();
    let passed = report.results.iter().filter(|test| test.result.outcome == Outcome::Passed);
    assert_eq!(passed.filter(|test| !test.steps.held().is_empty()).count(), report.results.len());
    assert!(!report.results.is_empty() && report.fault.is_some() && report.unplayed == 0);
}

/// Each job has a provider of its own, at ports of its own. Other tests take
/// ports at the same time, so a run whose ports are taken is tried again.
#[test]
fn several_jobs_share_one_wish_for_a_port() {
    let attempt = |_| {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().min(65_000);
        let arguments = format!("run --filter id-token/wrong-audience --jobs 2 --idp-listen 127.0.0.1:{port}");
        run(folder().path(), &arguments, &[])
    };
    let output = (0..10).map(attempt).find(|output| !output.contains("Address already in use")).unwrap();
    assert!(output.ends_with("exit 0\n"), "{output}");
}

/// Two names of one file are one file: hard links, and links that lead nowhere
/// before the run.
#[cfg(unix)]
#[rstest]
#[case("report-over-a-link-to-the-key", "run --target http://127.0.0.1:1 --api-key-file key --report json=linked")]
#[case("two-links-to-one-report", "run --report html=dangling --report json=run.out")]
#[case("two-links-to-one-report-of-before", "run --report html=again.json --report json=run.json")]
fn a_report_takes_the_place_of_no_file_by_another_name(#[case] name: &str, #[case] arguments: &str) {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    std::fs::hard_link(path("key"), path("linked")).unwrap();
    std::fs::hard_link(path("run.json"), path("again.json")).unwrap();
    std::os::unix::fs::symlink("empty/../run.out", path("middle")).unwrap();
    std::os::unix::fs::symlink("middle", path("dangling")).unwrap();
    golden(name, run(folder.path(), arguments, &[]), &[]);
    assert_eq!(std::fs::read_to_string(path("key")).unwrap(), "not-the-key\n");
}

/// A device has no end, and is no file; a pipe is what `<(command)` gives.
#[cfg(target_os = "linux")]
#[test]
fn a_key_comes_from_a_file_or_a_pipe() {
    let folder = folder();
    let preflight = "run --target http://127.0.0.1:1 --preflight-only --api-key-file";
    golden("key-file-is-a-device", run(folder.path(), &format!("{preflight} /dev/zero"), &[]), &[]);
    let (reader, mut writer) = std::io::pipe().unwrap();
    writer.write_all(b"a-key\n").unwrap();
    drop(writer);
    let mut command = environment::harness(folder.path());
    command.args(format!("{preflight} /dev/stdin").split_whitespace()).current_dir(folder.path());
    let output = command.stdin(reader).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A name has a line of its own, and what there is to say of it breaks between words.
#[rstest]
#[case("list")]
#[case("list defects")]
#[case("list quirks")]
#[case("list profiles")]
fn a_list_fits_a_terminal(#[case] arguments: &str) {
    let output = run(folder().path(), arguments, &[]);
    let is_wide = |line: &&str| line.chars().count() > 80 && line.trim().contains(' ');
    assert_eq!(output.lines().find(is_wide), None);
    assert!(output.lines().count() > 30 && output.ends_with("exit 0\n"), "{output}");
}

/// Each job is a server and a provider; so many could not be had.
#[test]
fn jobs_are_no_more_than_tests() {
    let arguments = "run --filter id-token/wrong-audience --jobs 5000 --quiet";
    let output = run(folder().path(), arguments, &[]);
    assert!(output.ends_with("exit 0\n"), "{output}");
}

/// A log needs no quotes.
#[test]
fn a_log_is_explained_from_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    std::fs::write(
        &log,
        "LOG [Api] started\nERROR [Api:OAuthRepository] TypeError: fetch failed\n  CERT_HAS_EXPIRED\n",
    )
    .unwrap();
    for arguments in [&["explain"][..], &["explain", "-"]] {
        let mut command = environment::harness(folder.path());
        let output = command.args(arguments).stdin(std::fs::File::open(&log).unwrap()).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && text.contains("Renew the certificate"), "{text}");
    }
}
