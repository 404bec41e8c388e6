//! What a run hands to GitHub Actions without a flag.

use std::process::Output;

use super::folder;
use crate::environment;

/// What an earlier command of the step wrote into the summary.
const EARLIER: &str = "# Build\n";

/// Runs against the reference server with a defect, with this value of
/// `GITHUB_ACTIONS`. Returns the output, and the step's summary.
fn run(actions: &str, more: &[&str]) -> (Output, String) {
    let folder = folder();
    let summary = folder.path().join("summary.md");
    std::fs::write(&summary, EARLIER).unwrap();
    let mut command = environment::harness(folder.path());
    command.args(["run", "--filter", "id-token/wrong-audience", "--defect", "audience-ignored"]).args(more);
    command.env("GITHUB_ACTIONS", actions).env("GITHUB_STEP_SUMMARY", &summary).current_dir(folder.path());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    (output, std::fs::read_to_string(summary).unwrap())
}

fn annotations(stream: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(stream).into_owned();
    text.lines().filter(|line| line.starts_with("::")).map(ToOwned::to_owned).collect()
}

const ANNOTATION: &str = "::error title=Accepts an ID token made for another client (high)::";

/// The user does not have the file of a built-in scenario.
#[test]
fn a_step_gets_an_annotation_for_each_problem_and_a_summary() {
    let (output, summary) = run("true", &[]);
    let written = annotations(&output.stderr);
    assert!(matches!(written.as_slice(), [one] if one.starts_with(ANNOTATION)), "{written:?}");
    assert_eq!(annotations(&output.stdout), Vec::<String>::new());
    let added = summary.strip_prefix(EARLIER).unwrap();
    assert!(added.contains("Accepts an ID token made for another client"), "{added}");
}

/// A report for a program stays alone on standard output.
#[test]
fn what_the_user_asked_for_is_not_written_twice() {
    let (output, _) = run("true", &["--report", "github"]);
    assert_eq!((annotations(&output.stdout).len(), annotations(&output.stderr).len()), (1, 0));
    let (output, _) = run("true", &["--report", "json"]);
    assert!(serde_json::from_slice::<serde_json::Value>(&output.stdout).is_ok(), "{output:?}");
    assert_eq!(annotations(&output.stderr).len(), 1);
}

#[test]
fn elsewhere_a_run_writes_neither() {
    let (output, summary) = run("false", &[]);
    assert_eq!(annotations(&output.stderr).len() + annotations(&output.stdout).len(), 0);
    assert_eq!(summary, EARLIER);
}

#[test]
fn a_summary_that_cannot_be_written_is_reported() {
    let folder = folder();
    let mut command = environment::harness(folder.path());
    command.args(["run", "one.toml"]).current_dir(folder.path());
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", folder.path().join("no/where"));
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "the tests pass");
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write the step summary"), "{output:?}");
}
