//! `docs/immich-findings.md`: what recorded runs against real servers found,
//! in words for administrators.
//!
//! A row takes reason, reference and advice from a baseline. The page shows
//! only rows that a recorded run confirms. This module judges nothing.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{CaseReport, Outcome, Report};
use crate::baseline::{Baseline, Cause};
use crate::level::Level;
use crate::severity::Severity;

/// A run and the baseline that it was judged by.
#[derive(Debug)]
pub struct Recorded {
    /// The server's name and version, as people call it.
    pub name: String,
    /// The run.
    pub report: Report,
    /// Its baseline.
    pub baseline: Baseline,
}

/// A deviation of one or more servers, with the tests that show it.
#[derive(Debug, Default)]
struct Finding<'a> {
    severity: Option<Severity>,
    reference: &'a str,
    advice: Option<&'a str>,
    servers: Vec<&'a str>,
    tests: Vec<&'a CaseReport>,
}

/// Returns the page in Markdown.
pub fn findings(runs: &[Recorded]) -> String {
    let findings = gather(runs);
    let mut page = String::from(
        "# Known deviations of Immich\n\nRuns of this harness against real servers found every row. Each section names \
         the part of OpenID Connect or of Immich's documentation that asks for something else. None alone is a reason \
         for alarm: most need an attacker in the right place or a faulty provider. Recorded runs and baselines are the \
         source of this page; `tests/recorded.rs` keeps it up to date.\n",
    );
    page.push_str("\n| run | tests | passed | known | not exercised | skipped |\n|---|---|---|---|---|---|\n");
    for run in runs {
        let count = |outcome| run.report.counts.0.get(&outcome).copied().unwrap_or_default();
        let (passed, known) = (count(Outcome::Passed), count(Outcome::Known));
        let (idle, skipped) = (count(Outcome::NotExercised), count(Outcome::Skipped));
        let tests = run.report.results.len();
        let _ = writeln!(page, "| {} | {tests} | {passed} | {known} | {idle} | {skipped} |", run.name);
    }
    page.push_str("\n| it … | severity | seen in |\n|---|---|---|\n");
    let severity_of = |finding: &Finding<'_>| finding.severity.unwrap_or(Severity::Low);
    let of = |severity: Severity| findings.iter().filter(move |(_, finding)| severity_of(finding) == severity);
    for (severity, _) in Severity::ALL {
        for (reason, finding) in of(*severity) {
            let _ = writeln!(page, "| [{reason}](#{}) | {severity} | {} |", anchor(reason), finding.servers.join(", "));
        }
    }
    for (severity, meaning) in Severity::ALL.iter().filter(|(severity, _)| of(*severity).next().is_some()) {
        let _ = write!(page, "\n## Severity {severity}\n\n{meaning}\n");
        for (reason, finding) in of(*severity) {
            section(reason, finding, &mut page);
        }
    }
    page
}

/// Returns the anchor of a heading "It …", as GitHub and GitLab make it.
fn anchor(reason: &str) -> String {
    let letters = "it ".chars().chain(reason.chars().flat_map(char::to_lowercase));
    letters.filter(|c| c.is_alphanumeric() || " -_".contains(*c)).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Groups the known deviations by reason; baselines share their reasons.
fn gather(runs: &[Recorded]) -> BTreeMap<&str, Finding<'_>> {
    let mut findings: BTreeMap<&str, Finding<'_>> = BTreeMap::new();
    for run in runs {
        for test in run.report.results.iter().filter(|test| test.result.outcome == Outcome::Known) {
            let Some(known) = run.baseline.known(&test.scenario, test.case.as_deref()) else { continue };
            let Cause { reason, reference, severity, advice } = &known.cause;
            let finding = findings.entry(reason).or_default();
            finding.severity = *severity;
            finding.reference = reference;
            finding.advice = finding.advice.or(advice.as_deref());
            if !finding.servers.contains(&run.name.as_str()) {
                finding.servers.push(&run.name);
            }
            if !finding.tests.iter().any(|other| other.test_name() == test.test_name()) {
                finding.tests.push(test);
            }
        }
    }
    findings
}

fn section(reason: &str, finding: &Finding<'_>, page: &mut String) {
    let Some(first) = finding.tests.first() else { return };
    let mut asked: Vec<&str> = finding.tests.iter().flat_map(|test| &test.requirement).map(String::as_str).collect();
    asked.sort_unstable();
    asked.dedup();
    let word = if finding.tests.iter().any(|test| test.level == Level::Must) { "must" } else { "should" };
    let _ = write!(page, "\n### It {reason}\n\n");
    let _ = writeln!(page, "- **Asked for** ({word}) by {}.", asked.join("; "));
    let _ = writeln!(page, "- **Seen in** {}.", finding.servers.join(" and "));
    let _ = writeln!(page, "- **Reference**: {}.", finding.reference);
    if let Some(advice) = finding.advice {
        let _ = writeln!(page, "- **What you can do**: {advice}");
    }
    let mut cases: BTreeMap<&str, usize> = BTreeMap::new();
    for test in &finding.tests {
        *cases.entry(&test.scenario).or_default() += 1;
    }
    let links = cases.iter().map(|(scenario, cases)| match cases {
        1 => format!("[{scenario}](../scenarios/{scenario}.toml)"),
        cases => format!("[{scenario}](../scenarios/{scenario}.toml) in {cases} cases"),
    });
    let _ = writeln!(page, "- **Shown by** {}.", links.collect::<Vec<_>>().join(", "));
    let _ = writeln!(
        page,
        "- **Reproduce**: `oidc-harness run --baseline none --filter {} --target URL --api-key-file FILE`",
        first.scenario
    );
}
