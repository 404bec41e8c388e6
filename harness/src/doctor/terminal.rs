//! A diagnosis on a terminal: a line for each check that is right, then what is
//! not known, then warnings, and problems last.

use super::check::Status;
use super::diagnosis::{CheckResult, Diagnosis};
use crate::escape::terminal;
use crate::paragraph::{advice, paragraph};
use crate::plural::counted;

/// The order of a report on a terminal: what a person reads last matters most.
const ORDER: &[Status] = &[Status::Ok, Status::Unknown, Status::Warning, Status::Problem];

/// Returns the diagnosis as lines of 80 columns.
pub fn terminal_text(diagnosis: &Diagnosis) -> String {
    let mut lines = Vec::new();
    for status in ORDER {
        for check in diagnosis.checks.iter().filter(|check| check.status == *status) {
            lines.extend(lines_of(check));
        }
    }
    lines.push(String::new());
    lines.extend(paragraph("", &summary(diagnosis)));
    lines.join("\n") + "\n"
}

fn lines_of(check: &CheckResult) -> Vec<String> {
    let word = check.status.word();
    let mut lines = paragraph(&format!("{word:<9}"), &terminal(&format!("{}: {}", check.check, check.sentence)));
    if let Some(seen) = check.seen.as_ref().filter(|_| check.status != Status::Ok) {
        lines.extend(paragraph("         seen: ", &terminal(seen)));
    }
    for change in &check.change {
        lines.extend(advice("         to do: ", &terminal(change)));
    }
    if let Some(source) = &check.source {
        lines.extend(advice("         documentation: ", source));
    }
    lines
}

/// Returns the last lines.
pub(super) fn summary(diagnosis: &Diagnosis) -> String {
    let problems = diagnosis.count(Status::Problem);
    let warnings = diagnosis.count(Status::Warning);
    let about =
        diagnosis.product.as_ref().map(|product| format!(" The provider looks like {product}.")).unwrap_or_default();
    let counts = [(problems, "problem", "problems"), (warnings, "warning", "warnings")];
    let counts: Vec<String> =
        counts.iter().filter(|(count, ..)| *count > 0).map(|(count, one, more)| counted(*count, one, more)).collect();
    let counts = if counts.is_empty() { "No problems found".to_owned() } else { counts.join(", ") };
    format!("{counts}. The doctor changed nothing.{about}{}", next(diagnosis))
}

/// Returns what to type next where nothing is wrong as far as was tried.
fn next(diagnosis: &Diagnosis) -> String {
    let tries = |flag: &str| match flag {
        "--probe" => "--probe, which tests the client secret and the redirect URIs".to_owned(),
        "--sign-in" => "--sign-in, which checks tokens and claims".to_owned(),
        flag => flag.to_owned(),
    };
    let untried: Vec<String> = diagnosis.untried.iter().map(|flag| tries(flag)).collect();
    if diagnosis.count(Status::Problem) > 0 || untried.is_empty() {
        return String::new();
    }
    format!(" If sign-in still fails, add {}.", untried.join(", or "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::DIAGNOSIS_FORMAT;

    /// What is not tried may be what is wrong: here a client secret.
    #[test]
    fn a_look_without_problems_names_what_to_try_next() {
        let mut diagnosis = Diagnosis {
            format: DIAGNOSIS_FORMAT,
            harness: String::new(),
            server: None,
            issuer: None,
            product: None,
            checks: Vec::new(),
            untried: vec!["--probe".to_owned(), "--sign-in".to_owned()],
        };
        let expected = "\nNo problems found. The doctor changed nothing. If sign-in still fails, add\n\
                        --probe, which tests the client secret and the redirect URIs, or --sign-in,\n\
                        which checks tokens and claims.\n";
        assert_eq!(terminal_text(&diagnosis), expected);
        diagnosis.untried.clear();
        assert_eq!(terminal_text(&diagnosis), "\nNo problems found. The doctor changed nothing.\n");
    }
}
