//! `oidc-harness new`.

use rstest::rstest;

use super::process::{run, said};

#[rstest]
fn every_kind_passes_as_it_is_written(
    #[values("policy", "claims", "settings", "adversarial", "mobile", "logout")] kind: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    let written = run(folder.path(), &["new", "mine/first", "--kind", kind]);
    assert!(said(&written).starts_with("scenarios/mine/first.toml\n"), "{}", said(&written));
    for check in [vec!["check"], vec!["fmt", "--check"]] {
        let output = run(folder.path(), &[check, vec!["scenarios"]].concat());
        assert!(output.status.success(), "{}", said(&output));
    }
    let output = run(folder.path(), &["run", "scenarios", "--report", "json=report.json"]);
    assert!(output.status.success(), "{}", said(&output));
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    let report: harness::report::Report = serde_json::from_str(&report).unwrap();
    let passed = report.results.iter().filter(|case| case.result.outcome == harness::report::Outcome::Passed).count();
    assert!(passed > 0 && passed == report.results.len(), "{}", said(&output));
}

/// It plays what the quirk touches, and claims nothing that it cannot know.
#[rstest]
#[case("expired", "passed")]
#[case("logout-wrong-issuer", "passed")]
#[case("jwks-extra-members", "failed")]
fn a_file_with_a_quirk_says_what_it_expects(#[case] quirk: &str, #[case] result: &str) {
    let folder = tempfile::tempdir().unwrap();
    let written = run(folder.path(), &["new", "mine/first", "--kind", "adversarial", "--quirk", quirk]);
    assert!(written.status.success() && !said(&written).contains("passes as it stands"), "{}", said(&written));
    let output = run(folder.path(), &["run", "scenarios"]);
    assert!(said(&output).contains(result), "{}", said(&output));
    assert_eq!(output.status.success(), result == "passed", "{}", said(&output));
}

/// The control is the file without the quirk, and passes.
#[rstest]
#[case("policy", "jwks-extra-members", "passed")]
#[case("mobile", "expired", "failed")]
#[case("logout", "logout-wrong-issuer", "failed")]
fn every_kind_takes_a_quirk(#[case] kind: &str, #[case] quirk: &str, #[case] result: &str) {
    let folder = tempfile::tempdir().unwrap();
    let written = run(folder.path(), &["new", "mine/first", "--kind", kind, "--quirk", quirk]);
    assert!(written.status.success() && said(&written).contains("the same as without the quirk"), "{}", said(&written));
    let checked = run(folder.path(), &["fmt", "--check", "scenarios"]);
    assert!(checked.status.success(), "{}", said(&checked));
    let output = run(folder.path(), &["run", "scenarios"]);
    assert!(said(&output).contains(&format!("1 {result}")), "{}", said(&output));
}

#[test]
fn the_flags_stand_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let flags = [
        ["--kind", "adversarial"],
        ["--quirk", "expired"],
        ["--title", "An expired ID token is refused"],
        ["--problem", "Accepts an expired ID token"],
        ["--severity", "medium"],
        ["--why", "Old tokens leak from logs."],
        ["--level", "should"],
        ["--folder", "here"],
    ];
    let output = run(folder.path(), &[vec!["new", "id-token/old"], flags.concat()].concat());
    assert!(output.status.success(), "{}", said(&output));
    let text = std::fs::read_to_string(folder.path().join("here/id-token/old.toml")).unwrap();
    for line in [
        "title       = \"An expired ID token is refused\"",
        "problem     = \"Accepts an expired ID token\"",
        "severity    = \"medium\"",
        // The clause that the quirk breaks.
        "requirement = [\"OIDC Core §3.1.3.7 (9)\"]",
        "level       = \"should\"",
        "why         = \"Old tokens leak from logs.\"",
        "quirks.expired = true",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
}

#[test]
fn nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scenarios/mine/first.toml");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, "mine\n").unwrap();
    let output = run(folder.path(), &["new", "mine/first", "--kind", "policy"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine\n");
}

/// The user chooses the second kind, and answers the questions.
#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_it_asks() {
    let folder = tempfile::tempdir().unwrap();
    let Some(mut terminal) = super::terminal::on_a_terminal(folder.path(), "new mine/asked") else { return };
    // Down and Enter; the quirk; the title; the usual problem; the usual clause.
    let answers = b"\x1b[B\rexpired\rAn old token is refused\r\r\r";
    let mut input = terminal.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, answers).unwrap();
    let output = terminal.wait_with_output().unwrap();
    drop(input);
    assert!(output.status.success(), "{}", said(&output));
    let text = std::fs::read_to_string(folder.path().join("scenarios/mine/asked.toml")).unwrap();
    assert!(text.contains("quirks.expired = true") && text.contains("An old token is refused"), "{text}");
    assert!(text.contains("Accepts responses with the quirk `expired`") && text.contains("§3.1.3.7 (9)"), "{text}");
}
