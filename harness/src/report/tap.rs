//! The report in the Test Anything Protocol, version 14.

use std::fmt::Write;

use serde_json::json;

use super::format::{Format, FormatError, Rendering, Style};
use super::result::Outcome;
use super::shape::{CaseReport, Report};
use crate::escape::{json as to_json, tap as escaped};

pub(super) static TAP: Format = Format {
    name: "tap",
    text: "the Test Anything Protocol",
    rendering: Rendering::Text(tap),
    ending: None,
    after_live: None,
    shows_steps: false,
};

fn tap(report: &Report, _: Style) -> Result<String, FormatError> {
    let mut text = format!("TAP version 14\n1..{}\n", report.results.len());
    for sign_in in report.told_sign_ins() {
        let _ = writeln!(text, "# {}", escaped(&sign_in.line()));
    }
    for (index, case) in report.results.iter().enumerate() {
        let outcome = case.result.outcome;
        let reason = case.found_first().unwrap_or_default();
        let (ok, directive) = match outcome {
            Outcome::Passed => ("ok", String::new()),
            Outcome::Skipped | Outcome::NotExercised => ("ok", format!(" # SKIP {}", escaped(reason))),
            // Not as it should be, but not red. The word is TAP 14's own, for a
            // test that is known to fail and must not fail the run.
            _ if !outcome.is_red(report.strict) => {
                ("not ok", format!(" # TODO {}: {}", outcome.name(), escaped(reason)))
            }
            _ => ("not ok", String::new()),
        };
        let _ = writeln!(text, "{ok} {} - {}{directive}", index + 1, escaped(&case.test_name()));
        if outcome.is_red(report.strict) {
            diagnostics(report, case, &mut text)?;
        }
    }
    // No test says so, and the whole is not good.
    if let Some(notice) = report.notice() {
        let _ = writeln!(text, "Bail out! {}", escaped(&notice));
    }
    Ok(text)
}

/// A block of YAML, in its subset JSON.
fn diagnostics(report: &Report, case: &CaseReport, text: &mut String) -> Result<(), FormatError> {
    let found: Vec<&str> = case.mismatches().collect();
    let at = report.place(case).map(|place| format!("{}:{}:{}", place.path, place.line, place.column));
    let facts = json!({
        "message": case.title, "problem": case.problem, "severity": case.severity, "result": case.result.outcome.name(), "reason": case.result.reason,
        "requirement": case.requirement, "found": found, "at": at,
    });
    text.push_str("  ---\n");
    for (name, value) in facts.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
        let _ = writeln!(text, "  {name}: {}", to_json(value, false)?);
    }
    text.push_str("  ...\n");
    Ok(())
}
