//! Shell completions and the manual.

use std::process::{Command, Stdio};

use rstest::rstest;

use super::process::{run, said};
use crate::skipped::missing;

const COMMANDS: &[&str] =
    &["run", "doctor", "idp", "explain", "report", "new", "check", "list", "fmt", "explore", "reference", "generate"];

#[rstest]
#[case("bash", "--watch")]
#[case("zsh", "--watch[")]
#[case("fish", "-l watch")]
#[case("elvish", "cand --watch ")]
#[case("powershell", "'--watch'")]
fn every_shell_completes_every_command(#[case] shell: &str, #[case] flag: &str) {
    let output = run(".".as_ref(), &["generate", "completions", shell]);
    assert!(output.status.success(), "{}", said(&output));
    let script = said(&output);
    let missing: Vec<_> = COMMANDS.iter().filter(|command| !script.contains(*command)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(script.contains(flag), "flags, too");
}

/// The script is one that the shell can read, and does what it is for.
#[test]
fn bash_completes_by_it() {
    let script = said(&run(".".as_ref(), &["generate", "completions", "bash"]));
    let ask = "COMP_WORDS=(oidc-harness expl); COMP_CWORD=1; _oidc__harness oidc-harness expl oidc-harness; echo ${COMPREPLY[@]}";
    let output = Command::new("bash").args(["-c", &format!("{script}\n{ask}")]).output();
    let Ok(output) = output else {
        missing("bash is not installed");
        return;
    };
    assert_eq!(said(&output).trim(), "explain explore");
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["generate", "man", "man1"]);
    assert!(output.status.success(), "{}", said(&output));
    for command in COMMANDS {
        let page = std::fs::read_to_string(folder.path().join(format!("man1/oidc-harness-{command}.1"))).unwrap();
        assert!(page.contains(".SH NAME"), "{page}");
    }
    let first = run(folder.path(), &["generate", "man"]);
    assert!(said(&first).contains(".TH oidc-harness 1"), "{}", said(&first));
    let drawn = Command::new("man")
        .args(["-l", "man1/oidc-harness-explore.1"])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .output();
    match drawn {
        Ok(drawn) if drawn.status.success() => assert!(said(&drawn).contains("explore"), "{}", said(&drawn)),
        _ => missing("`man`, of man-db, which draws the page, is not installed"),
    }
}
