//! `docs/immich-findings.md`: what recorded runs against real servers found,
//! in words for administrators.
//!
//! A row takes reason, reference and advice from a baseline. The page shows
//! only rows that a recorded run confirms. It tells what a server does, and how
//! to reproduce it, only where the server's project discusses it in public.
//! This module judges nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::{CaseReport, Outcome, Report};
use crate::baseline::{Baseline, Cause};
use crate::level::Level;
use crate::severity::Severity;

/// Where the server's project discusses its deviations.
const UPSTREAM: &str = "https://github.com/immich-app/immich/";

/// A run and the baseline that it was judged by.
#[derive(Debug)]
pub struct Recorded {
    /// The server's name and version, as people call it.
    pub name: String,
    /// The commit that was built and run.
    pub commit: String,
    /// The run.
    pub report: Report,
    /// Its baseline.
    pub baseline: Baseline,
}

/// A deviation of one or more servers, with the tests that show it.
#[derive(Debug, Default)]
struct Finding<'a> {
    reason: &'a str,
    severity: Option<Severity>,
    reference: &'a str,
    advice: Option<&'a str>,
    servers: Vec<&'a str>,
    tests: Vec<&'a CaseReport>,
}

/// Returns the page in Markdown.
pub fn findings(runs: &[Recorded]) -> String {
    let (public, other): (Vec<_>, Vec<_>) = gather(runs).into_iter().partition(|finding| finding.link().is_some());
    let mut page = String::from(
        "# Known deviations of Immich\n\nRuns of this harness against real servers found all deviations on this page. \
         No single one is a reason for alarm: most of them need an attacker in the right position, or a faulty \
         provider. `tests/recorded.rs` generates this page from recorded runs and baselines.\n",
    );
    ran(runs, &mut page);
    page.push_str(
        "\n## Public upstream\n\nImmich's own project discusses these deviations in public, at the link in the last \
         column.\n\n| Immich … | severity | seen in | upstream |\n|---|---|---|---|\n",
    );
    for finding in &public {
        let (reason, link) = (finding.reason, finding.link().unwrap_or_default());
        let number = link.rsplit('/').next().unwrap_or_default();
        let (severity, servers) = (finding.severity(), finding.servers.join(", "));
        let _ = writeln!(page, "| [{reason}](#{}) | {severity} | {servers} | [#{number}]({link}) |", anchor(reason));
    }
    for finding in &public {
        section(finding, &mut page);
    }
    page.push_str(
        "\n## Not discussed upstream\n\nImmich's project does not discuss these deviations in public. So this page \
         names only the topic of the tests, the requirement, and what an administrator can do.\n\n| topic | severity | \
         required by | seen in | what you can do |\n|---|---|---|---|---|\n",
    );
    for finding in &other {
        let cells = [
            finding.classes().join(", "),
            finding.severity().to_string(),
            finding.requirements().join("; "),
            finding.servers.join(", "),
            finding.advice.unwrap_or("Nothing is known.").replace('|', "\\|"),
        ];
        let _ = writeln!(page, "| {} |", cells.join(" | "));
    }
    page.push_str("\n## Severities\n\n");
    for (severity, meaning) in Severity::ALL {
        let _ = writeln!(page, "- **{severity}**: {meaning}");
    }
    page
}

/// Writes what exactly was run, and when.
fn ran(runs: &[Recorded], page: &mut String) {
    page.push_str("\n| server | commit | run on | tests | passed | known | not exercised | skipped |\n");
    page.push_str("|---|---|---|---|---|---|---|---|\n");
    for Recorded { name, commit, report, .. } in runs {
        let day = report.date.as_deref().unwrap_or_default().split('T').next().unwrap_or_default();
        let count = |outcome| report.counts.0.get(&outcome).copied().unwrap_or_default();
        let (passed, known) = (count(Outcome::Passed), count(Outcome::Known));
        let (idle, skipped) = (count(Outcome::NotExercised), count(Outcome::Skipped));
        let tests = report.results.len();
        let link = format!("[{commit}]({UPSTREAM}commit/{commit})");
        let _ = writeln!(page, "| {name} | {link} | {day} | {tests} | {passed} | {known} | {idle} | {skipped} |");
    }
}

/// Returns the anchor of a heading "It …", as GitHub and GitLab make it.
fn anchor(reason: &str) -> String {
    let letters = "it ".chars().chain(reason.chars().flat_map(char::to_lowercase));
    letters.filter(|c| c.is_alphanumeric() || " -_".contains(*c)).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Returns the known deviations, the worst first; those of several baselines
/// with one reason are one.
fn gather(runs: &[Recorded]) -> Vec<Finding<'_>> {
    let mut findings: BTreeMap<&str, Finding<'_>> = BTreeMap::new();
    for run in runs {
        for test in run.report.results.iter().filter(|test| test.result.outcome == Outcome::Known) {
            let Some(known) = run.baseline.known(&test.scenario, test.case.as_deref()) else { continue };
            let Cause { reason, reference, severity, advice } = &known.cause;
            let finding = findings.entry(reason).or_default();
            finding.reason = reason;
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
    let mut findings: Vec<_> = findings.into_values().collect();
    findings.sort_by_cached_key(|finding| (finding.severity(), finding.link().is_none().then(|| finding.classes())));
    findings
}

impl Finding<'_> {
    fn severity(&self) -> Severity {
        self.severity.unwrap_or(Severity::Low)
    }

    /// Returns the address at which the server's project discusses it.
    fn link(&self) -> Option<&str> {
        let words = self.reference.split([' ', '(', ')', ';', ',']);
        words.into_iter().find(|word| word.starts_with(UPSTREAM))
    }

    /// Returns the topics of its tests, each once.
    fn classes(&self) -> Vec<String> {
        let topics = self.tests.iter().filter_map(|test| test.scenario.split('/').next());
        topics.map(|topic| topic.replace('-', " ")).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Returns the clauses that its tests cite, each once.
    fn requirements(&self) -> Vec<&str> {
        let cited = self.tests.iter().flat_map(|test| &test.requirement).map(String::as_str);
        cited.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

fn section(finding: &Finding<'_>, page: &mut String) {
    let Some(first) = finding.tests.first() else { return };
    let word = if finding.tests.iter().any(|test| test.level == Level::Must) { "must" } else { "should" };
    let _ = write!(page, "\n### It {}\n\n", finding.reason);
    let _ = writeln!(page, "- **Severity**: {}.", finding.severity());
    let _ = writeln!(page, "- **Required** ({word}) by {}.", finding.requirements().join("; "));
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
        "- **Reproduce**: `oidc-harness run {} --baseline none --target URL --api-key-file FILE`",
        first.scenario
    );
}
