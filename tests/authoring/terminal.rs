//! A terminal for the harness, which `script` makes.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::environment::bare;
use crate::skipped::missing;

const BINARY: &str = env!("CARGO_BIN_EXE_oidc-harness");

fn script(folder: &Path, command: &str) -> std::io::Result<Child> {
    let mut script = bare(Command::new("script"), folder);
    script.args(["--quiet", "--return", "--command", command, "/dev/null"]).current_dir(folder);
    // It would take the caller's shell, whichever that is.
    script.env("SHELL", "/bin/sh").env("TERM", "xterm").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()
}

/// The harness on a terminal; nothing, and a word why, where there is none.
pub fn on_a_terminal(folder: &Path, arguments: &str) -> Option<Child> {
    if !script(folder, "true").and_then(|mut probe| probe.wait()).is_ok_and(|status| status.success()) {
        missing("`script`, of bsdutils, which gives it a terminal, is not installed");
        return None;
    }
    // `exec`: a shell that stays between gets a `^C`, too, and ends by it.
    let command = format!("exec {} {arguments}", shlex::try_quote(BINARY).unwrap());
    Some(script(folder, &command).unwrap())
}

/// What only programs read has no place there.
#[test]
fn a_report_for_programs_wants_a_file() {
    let folder = tempfile::tempdir().unwrap();
    for (format, file) in [("html", "report.html"), ("json", "report.json"), ("junit", "report.xml")] {
        let Some(terminal) = on_a_terminal(folder.path(), &format!("run --report {format}")) else { return };
        let output = terminal.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).replace('\r', "");
        let said = format!(
            "error: the {format} report is for programs, not for a terminal\nhelp: write it to a file: --report {format}={file}\n"
        );
        assert_eq!((text, output.status.code()), (said, Some(2)));
    }
}

/// Complaints take lines of a terminal; what is to be copied stays on one.
#[test]
fn a_complaint_is_broken_into_lines() {
    let folder = tempfile::tempdir().unwrap();
    let Some(terminal) = on_a_terminal(folder.path(), "explain my photos of Norway are upside down") else { return };
    let output = terminal.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).replace('\r', "");
    assert!(text.lines().count() > 2 && text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(text.contains("\n      ") && text.contains("`oidc-harness list quirks`"), "{text}");
}
