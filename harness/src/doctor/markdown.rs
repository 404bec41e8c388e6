//! A diagnosis in Markdown, to paste into an issue.

use std::fmt::Write;

use super::check::Status;
use super::diagnosis::Diagnosis;
use super::terminal::summary;

/// Returns text as a cell of a table.
fn cell(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;").replace(['\n', '\r'], " ")
}

/// Returns the diagnosis as a table, the problems first.
pub fn markdown(diagnosis: &Diagnosis) -> String {
    let mut text = format!("## Sign-in with a provider\n\n{}\n", cell(&summary(diagnosis)));
    text.push_str("\n| | check | what is so | what to change |\n|---|---|---|---|\n");
    for status in [Status::Problem, Status::Warning, Status::Unknown, Status::Ok] {
        for check in diagnosis.checks.iter().filter(|check| check.status == status) {
            let seen = check.seen.as_ref().map(|seen| format!(" Seen: {seen}")).unwrap_or_default();
            let so = cell(&format!("{}{seen}", check.sentence));
            let row = [status.word(), &check.check, &so, &cell(&check.change.join(" "))];
            let _ = writeln!(text, "| {} |", row.join(" | "));
        }
    }
    let _ = writeln!(text, "\noidc-harness {}", diagnosis.harness);
    text
}
