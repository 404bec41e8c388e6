//! A diagnosis in Markdown, to paste into an issue.

use std::fmt::Write;

use super::check::Status;
use super::diagnosis::Diagnosis;
use super::terminal::summary;
use crate::escape::markdown as cell;

/// Returns the diagnosis as a table, the problems first.
pub fn markdown(diagnosis: &Diagnosis) -> String {
    let mut text = format!("## Sign-in with a provider\n\n{}\n", cell(&summary(diagnosis)));
    text.push_str("\n| | check | result | what to change |\n|---|---|---|---|\n");
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::diagnosis::{CheckResult, DIAGNOSIS_FORMAT};

    #[test]
    fn what_a_provider_says_stays_text() {
        let check = CheckResult {
            check: "discovery".to_owned(),
            status: Status::Problem,
            cause: String::new(),
            sentence: "a".to_owned(),
            seen: Some("\u{1b}[2J\u{202e}\r\n`x` [l](http://evil.test) @all".to_owned()),
            change: Vec::new(),
            source: None,
        };
        let (format, harness) = (DIAGNOSIS_FORMAT, String::new());
        let text = markdown(&Diagnosis {
            format,
            harness,
            server: None,
            issuer: None,
            product: None,
            checks: vec![check],
            untried: Vec::new(),
        });
        let seen = r"Seen: \\u{1b}\[2J\\u{202e}\\r\\n\`x\` \[l\](http://evil.test) \@all |";
        assert!(text.contains(seen), "{text}");
    }
}
