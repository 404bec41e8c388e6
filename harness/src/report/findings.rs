//! `docs/immich-findings.md`: what recorded runs against real servers found,
//! in words for administrators.
//!
//! A row comes from a baseline, which has reason, reference and advice, and
//! stands on the page only if a recorded run shows it. Nothing is judged here.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{CaseReport, Outcome, Report};
use crate::baseline::{Baseline, Cause};
use crate::level::Level;
use crate::severity::Severity;

/// A run and the baseline that it was judged by.
#[derive(Debug)]
pub struct Recorded {
    /// What ran, as people call it.
    pub name: String,
    /// The run.
    pub report: Report,
    /// Its baseline.
    pub baseline: Baseline,
}

/// One thing that servers do, with everything that shows it.
#[derive(Debug, Default)]
struct Finding<'a> {
    severity: Option<Severity>,
    reference: &'a str,
    advice: Option<&'a str>,
    servers: Vec<&'a str>,
    tests: Vec<&'a CaseReport>,
}

/// The whole page.
pub fn findings(runs: &[Recorded]) -> String {
    let findings = gather(runs);
    let mut page = String::from(
        "# What real Immich does otherwise\n\nEvery row was seen in a run of this harness against a real server, and \
         says what OpenID Connect or Immich's own documentation asks for instead. None of it is a reason for alarm by \
         itself: most of it needs an attacker in the right place, or a provider that errs. This page is made from \
         recorded runs and from baselines; `tests/recorded.rs` keeps it up to date.\n",
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

/// Where a heading "It …" is, as GitHub and GitLab make it.
fn anchor(reason: &str) -> String {
    let letters = "it ".chars().chain(reason.chars().flat_map(char::to_lowercase));
    letters.filter(|c| c.is_alphanumeric() || " -_".contains(*c)).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// By what the server does; the same words for the same thing.
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
    let _ = writeln!(page, "- **Where to read on**: {}.", finding.reference);
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
        "- **See for yourself**: `oidc-harness run --baseline none --filter {} --target URL --api-key-file FILE`",
        first.scenario
    );
}
