//! What becomes of results: where they are written, and what if they cannot be.

use rstest::rstest;

use super::{folder, run};
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
    let words = "error: standard output cannot be written: No space left on device (os error 28)\n\
                 help: what came there is not whole: see that the disk has room\n";
    assert!(said.ends_with(words), "{said}");
    assert_eq!(output.status.code(), Some(4));
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = command.stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Each job has a provider of its own, at ports of its own.
#[test]
fn several_jobs_share_one_wish_for_a_port() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().min(65_000);
    let arguments = format!("run --filter id-token/wrong-audience --jobs 2 --idp-listen 127.0.0.1:{port}");
    let output = run(folder().path(), &arguments, &[]);
    assert!(output.ends_with("exit 0\n"), "{output}");
}
