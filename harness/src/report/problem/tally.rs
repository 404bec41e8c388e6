//! How the tests ended that show no problem, counted by reason.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::report::Outcome;
use crate::report::shape::Report;

/// How many tests had one outcome, and why.
#[derive(Debug, PartialEq, Eq)]
pub struct Tally<'a> {
    /// The outcome.
    pub outcome: Outcome,
    /// Each reason and its number of tests, the most frequent first.
    pub reasons: Vec<(&'a str, usize)>,
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
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for case in report.results.iter().filter(|case| case.result.outcome == *outcome) {
            *counts.entry(case.found_first().unwrap_or_default()).or_default() += 1;
        }
        let mut reasons: Vec<_> = counts.into_iter().collect();
        reasons.sort_by_key(|(_, count)| Reverse(*count));
        Tally { outcome: *outcome, reasons }
    };
    COUNTED.iter().map(of).filter(|tally| !tally.reasons.is_empty()).collect()
}
