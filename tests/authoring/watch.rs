//! `oidc-harness run --watch`.

use std::io::{BufRead, BufReader, Read, Write};

use super::process::{Process, run, said};

const WAITING: &str = "waiting for changes";

fn scenario(outcome: &str) -> String {
    format!(
        "format = 1\ntitle = \"T\"\nproblem = \"Fails\"\nseverity = \"low\"\n\
         requirement = [\"OIDC Core §3.1\"]\n[users.alice]\n[[steps]]\nsign-in.as = \"alice\"\n\
         expect.outcome = \"{outcome}\"\n"
    )
}

#[test]
fn plays_what_is_saved_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let topic = folder.path().join("mine");
    std::fs::create_dir(&topic).unwrap();
    let save = |name: &str, text: &str| std::fs::write(topic.join(name), text).unwrap();
    save("one.toml", &scenario("signed-in"));
    save("two.toml", &scenario("signed-in"));

    let mut process = Process::start(folder.path(), &["run", "--watch", "mine", "--jobs", "1", "--verbose"]);
    let first = process.until(WAITING);
    assert!(first.contains("2 tests against reference") && first.contains("2 passed"), "{first}");
    assert!(!first.contains('\x1b'), "a pipe is no terminal to clear: {first:?}");

    save("two.toml", &scenario("linked"));
    let failed = process.until(WAITING);
    assert!(failed.contains("1 test against") && failed.contains("mine/two.toml:9\n"), "{failed}");
    assert!(!failed.contains("mine/one"), "only what changed: {failed}");

    save("two.toml", &scenario("signd-in"));
    let broken = process.until(WAITING);
    assert!(broken.contains("did you mean `signed-in`?") && !broken.contains("against reference"), "{broken}");

    // As careful editors do: beside it, and then in its place.
    save("two.toml~", &scenario("signed-in"));
    std::fs::rename(topic.join("two.toml~"), topic.join("two.toml")).unwrap();
    let mended = process.until(WAITING);
    assert!(mended.contains("1 test against") && mended.contains("1 passed"), "{mended}");

    save("three.toml", &scenario("signed-in"));
    let new = process.until(WAITING);
    assert!(new.contains("mine/three") && new.contains("1 passed"), "{new}");

    assert_eq!(process.interrupt().1, Some(0));
}

/// What comes after `^C`, as the prompt does, has a line of its own.
#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_on_a_terminal_leaves_a_line_to_what_comes_next() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("one.toml"), scenario("signed-in")).unwrap();
    let watch = "run --watch one.toml --jobs 1";
    let Some(mut terminal) = super::terminal::on_a_terminal(folder.path(), watch) else { return };
    let (mut input, mut output) = (terminal.stdin.take().unwrap(), BufReader::new(terminal.stdout.take().unwrap()));
    let mut line = String::new();
    while !line.contains(WAITING) {
        line.clear();
        assert_ne!(output.read_line(&mut line).unwrap(), 0);
    }
    input.write_all(b"\x03").unwrap();
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    // Whether `^C` is shown is for the terminal to say.
    assert_eq!(rest.trim_start_matches("^C"), "\r\n");
    assert!(terminal.wait().unwrap().success());
}

/// One file, by its bare name: its folder is what is watched.
#[test]
fn a_single_file_is_watched_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.toml");
    std::fs::write(&path, scenario("signed-in")).unwrap();
    std::fs::write(folder.path().join("other.toml"), "title = \n").unwrap();
    let mut process = Process::start(folder.path(), &["run", "--watch", "one.toml", "--jobs", "1"]);
    assert!(process.until(WAITING).contains("1 passed"));
    std::fs::write(folder.path().join("other.toml"), "title = 1\n").unwrap();
    std::fs::write(&path, scenario("done")).unwrap();
    let failed = process.until(WAITING);
    assert!(failed.contains("one.toml:9\n") && !failed.contains("other"), "{failed}");
    assert_eq!(process.interrupt().1, Some(0));
}

#[test]
fn there_must_be_something_to_watch() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["run", "--watch"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    let output = run(folder.path(), &["run", "--watch", "nowhere"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
}
