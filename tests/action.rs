//! The steps of `.github/actions/sign-in`, as GitHub runs them, against a server
//! in a process of its own.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::environment::bare;
use crate::server::{Staging, shown};

fn action() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/actions/sign-in/action.yml");
    serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A text with the inputs in place, their defaults among them.
fn filled(text: &str, action: &Value, inputs: &[(&str, &str)]) -> String {
    let mut text = text.to_owned();
    for (name, declared) in action["inputs"].as_object().unwrap() {
        let given = inputs.iter().find(|(input, _)| input == name).map(|(_, value)| *value);
        let value = given.or(declared["default"].as_str()).unwrap_or_default();
        text = text.replace(&format!("${{{{ inputs.{name} }}}}"), value);
    }
    assert!(!text.contains("${{"), "{text}");
    text
}

/// Runs the step of this name in a folder.
fn step(name: &str, folder: &Path, inputs: &[(&str, &str)]) -> Output {
    let action = action();
    let steps = action["runs"]["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["name"] == name).unwrap();
    let script = folder.join("step.sh");
    std::fs::write(&script, step["run"].as_str().unwrap()).unwrap();
    let mut command = bare(Command::new("bash"), folder);
    // As GitHub calls it for `shell: bash`.
    command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(&script).current_dir(folder);
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_oidc-harness"));
    let paths = std::env::var_os("PATH").unwrap();
    let paths = std::iter::once(binary.parent().unwrap().to_owned()).chain(std::env::split_paths(&paths));
    command.env("PATH", std::env::join_paths(paths).unwrap());
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", folder.join("summary.md"));
    for (name, value) in step["env"].as_object().into_iter().flatten() {
        command.env(name, filled(value.as_str().unwrap(), &action, inputs));
    }
    command.output().unwrap()
}

#[test]
fn its_steps_test_a_server_and_keep_the_reports() {
    let server = Staging::launch(tempfile::tempdir().unwrap(), &[]);
    let folder = tempfile::tempdir().unwrap();
    let key = std::fs::read_to_string(server.folder.path().join("key")).unwrap();
    let inputs =
        [("target", server.url.as_str()), ("api-key", key.trim()), ("flags", "auto-register/no-email --quiet")];
    for name in ["Install", "Wait for the server", "Run", "Restore"] {
        let output = step(name, folder.path(), &inputs);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", shown(&output));
    }
    for report in ["report.html", "report.json", "junit.xml"] {
        assert!(folder.path().join("sign-in-reports").join(report).is_file(), "{report}");
    }
    let summary = std::fs::read_to_string(folder.path().join("summary.md")).unwrap();
    assert!(summary.contains("1 test against"), "{summary}");
}

#[test]
fn it_says_which_server_does_not_answer() {
    let folder = tempfile::tempdir().unwrap();
    let output = step("Wait for the server", folder.path(), &[("target", "http://127.0.0.1:1"), ("wait", "1")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        shown(&output).contains("::error::http://127.0.0.1:1 does not answer within 1 seconds"),
        "{}",
        shown(&output)
    );
}

/// A key that an earlier step failed to make must not end in a green job.
#[test]
fn an_empty_key_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let output = step("Run", folder.path(), &[("target", "http://127.0.0.1:1")]);
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
    assert!(shown(&output).contains("::error::the input api-key is empty"), "{}", shown(&output));
}

#[test]
fn read_only_it_changes_nothing() {
    let server = Staging::launch(tempfile::tempdir().unwrap(), &[]);
    let folder = tempfile::tempdir().unwrap();
    let inputs =
        [("target", server.url.as_str()), ("read-only", "true"), ("flags", "mobile-redirect/route link/unlink")];
    let output = step("Run", folder.path(), &inputs);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert!(shown(&output).contains("Read-only: the run tested no sign-in"), "{}", shown(&output));
}
