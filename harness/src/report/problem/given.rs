//! What the tests of a problem assume: settings of the server, and claims of end-users.
//! What is special about them is a clue, above all where tests about different things
//! share it. What a file says of them is read in [`crate::report::source`].

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::shape::Problem;
use crate::report::SourceReport;
use crate::report::shape::CaseReport;

/// How much of what a test assumes is shown, in characters.
const LONGEST: usize = 200;

/// What the tests of so many scenarios with a common cause share is a clue.
const FEW: usize = 30;

/// So many different values are shown.
const VALUES: usize = 4;

impl Problem<'_> {
    /// Returns in a line what most tests of a common cause assume, which is a clue, or
    /// else what the best example assumes; none where sign-in as such fails, or answers of
    /// routes show it, whatever the file says.
    pub fn givens(&self, sources: &BTreeMap<String, SourceReport>) -> Option<String> {
        let of = |case: &CaseReport| Some(sources.get(&case.scenario)?.givens(case.case.as_deref()));
        let example = self.example().filter(|_| self.shows_cause())?;
        let shared = if self.has_clues() { self.shared(|case| of(case).unwrap_or_default()) } else { String::new() };
        let is_about_file = self.works || self.rule.is_some() || !self.is_common;
        let own = of(example).filter(|_| is_about_file).unwrap_or_default().join("; ");
        let givens = if shared.is_empty() { own } else { shared };
        let short: String = givens.chars().take(LONGEST).collect();
        let dots = if short.len() < givens.len() { "…" } else { "" };
        (!short.is_empty()).then(|| short + dots)
    }

    /// Whether what its tests have in common is a clue, as they are few enough and about
    /// different things.
    pub(super) fn has_clues(&self) -> bool {
        self.is_common && self.rule.is_none() && self.scenarios.len() <= FEW
    }

    /// Returns what at least two in three of its tests assume, with the values:
    /// `server.oauth.signingAlgorithm = "EdDSA", "ES384" (18 of 18 tests)`.
    fn shared(&self, givens: impl Fn(&CaseReport) -> Vec<String>) -> String {
        let mut all: IndexMap<String, (usize, Vec<String>)> = IndexMap::new();
        for given in self.cases().flat_map(givens) {
            let Some((key, value)) = given.split_once(" = ") else { continue };
            let (count, values) = all.entry(key.to_owned()).or_default();
            *count += 1;
            if !values.iter().any(|known| known == value) {
                values.push(value.to_owned());
            }
        }
        let tests = self.cases().count();
        all.retain(|_, (count, _)| *count * 3 >= tests * 2);
        let in_words = |(key, (count, mut values)): (String, (usize, Vec<String>))| {
            let dots = if values.len() > VALUES { ", …" } else { "" };
            values.truncate(VALUES);
            format!("{key} = {}{dots} ({count} of {tests} tests)", values.join(", "))
        };
        all.into_iter().map(in_words).collect::<Vec<_>>().join("; ")
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::report::problem::problems;
    use crate::report::problem::sample::{FAILED, refused, report, step};
    use crate::report::{Outcome, SourceReport};

    #[rstest]
    #[case::all(&["a = 'x'", "a = 'x'", "a = 'y'"], Some("server.oauth.a = 'x', 'y' (3 of 3 tests)"))]
    #[case::most(&["a = 'x'", "a = 'x'", "b = 1"], Some("server.oauth.a = 'x' (2 of 3 tests)"))]
    #[case::few(&["a = 'x'", "b = 'x'", "c = 1"], None)]
    fn what_tests_of_a_common_cause_share_is_a_clue(#[case] settings: &[&str], #[case] expected: Option<&str>) {
        let results = [("a/a", Outcome::Failed), ("a/b", Outcome::Failed), ("a/c", Outcome::Failed)];
        let mut report = report(&results, &[step(FAILED, refused())], |_| Some("Does it".to_owned()));
        report.sources = results
            .iter()
            .zip(settings)
            .map(|((name, _), settings)| {
                let text = format!("[server.oauth]\n{settings}\n");
                ((*name).to_owned(), SourceReport { path: format!("{name}.toml"), text })
            })
            .collect();
        assert_eq!(problems(&report)[0].givens(&report.sources).as_deref(), expected);
    }
}
