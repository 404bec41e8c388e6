//! How the tests ended that show no problem, counted by reason.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::report::Outcome;
use crate::report::shape::{CaseReport, Report};

/// How many tests had one outcome, and why.
#[derive(Debug)]
pub struct Tally<'a> {
    /// The outcome.
    pub outcome: Outcome,
    /// Each reason: of what a baseline knows the worst first, then the most frequent.
    pub reasons: Vec<Reason<'a>>,
}

/// Why some tests had one outcome.
#[derive(Debug)]
pub struct Reason<'a> {
    /// The reason.
    pub text: &'a str,
    /// How many tests it is of.
    pub count: usize,
    /// The first of them.
    pub example: &'a CaseReport,
}

impl Tally<'_> {
    /// How many tests there are.
    pub fn count(&self) -> usize {
        self.reasons.iter().map(|reason| reason.count).sum()
    }
}

/// Returns the tests that neither passed nor show a problem, by outcome.
pub fn tallies(report: &Report) -> Vec<Tally<'_>> {
    const COUNTED: &[Outcome] = &[
        Outcome::Error,
        Outcome::UnexpectedPass,
        Outcome::StaleEntry,
        Outcome::Known,
        Outcome::NotExercised,
        Outcome::Skipped,
    ];
    let of = |outcome: &Outcome| {
        let mut reasons: BTreeMap<&str, Reason<'_>> = BTreeMap::new();
        for example in report.results.iter().filter(|case| case.result.outcome == *outcome) {
            let text = example.found_first().unwrap_or_default();
            reasons.entry(text).or_insert(Reason { text, count: 0, example }).count += 1;
        }
        let mut reasons: Vec<_> = reasons.into_values().collect();
        let severity = |reason: &Reason<'_>| reason.example.severity.filter(|_| *outcome == Outcome::Known);
        reasons.sort_by_key(|reason| (severity(reason), Reverse(reason.count)));
        Tally { outcome: *outcome, reasons }
    };
    COUNTED.iter().map(of).filter(|tally| !tally.reasons.is_empty()).collect()
}
