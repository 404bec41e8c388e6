//! What a maintainer may say of a server in one line: that it passes all tests
//! with a public tag. The line names the tests that do not fit the server, or
//! need what the run did not have.

use std::collections::BTreeMap;

use super::result::{Need, Outcome};
use super::shape::Report;
use crate::scenario::PUBLIC_TAGS;

impl Report {
    /// Returns a line for each public tag if the run played all its built-in
    /// tests: `passes secure: 412 of 412 on 2026-12-01`. Tests that were skipped
    /// are counted by what they need; a run without access passes no tag.
    pub fn statements(&self) -> Vec<String> {
        PUBLIC_TAGS.iter().filter_map(|tag| self.statement(tag.name)).collect()
    }

    fn statement(&self, tag: &str) -> Option<String> {
        let total = *self.totals.get(tag)?;
        let of_tag = || self.results.iter().filter(|test| test.tags.iter().any(|own| own == tag));
        if of_tag().count() != total || self.is_partial() {
            return None;
        }
        let count = |outcome| of_tag().filter(|test| test.result.outcome == outcome).count();
        let (passed, skipped) = (count(Outcome::Passed), count(Outcome::Skipped));
        let mut needs: BTreeMap<Need, usize> = BTreeMap::new();
        for need in of_tag().filter_map(|test| test.result.needs) {
            *needs.entry(need).or_default() += 1;
        }
        let unplayed: Vec<String> =
            needs.iter().filter_map(|(need, count)| Some(format!("{count} {}", need.unplayed()?))).collect();
        let excused: usize = needs.iter().filter(|(need, _)| need.unplayed().is_some()).map(|(_, count)| count).sum();
        let date = self.date.as_deref().and_then(|date| date.get(..10));
        let date = date.map(|date| format!(" on {date}")).unwrap_or_default();
        Some(match (passed > 0 && passed + excused == total, skipped) {
            (true, 0) => format!("passes {tag}: {total} of {total}{date}"),
            (true, _) => format!("passes {tag}: {passed} of {total}{date} (not played: {})", unplayed.join(", ")),
            (false, 0) => format!("{tag}: {passed} of {total} pass{date}"),
            (false, _) => format!("{tag}: {passed} of {total} pass, {skipped} skipped{date}"),
        })
    }
}

impl Need {
    /// What the tests that need it are called in a line to publish; none where
    /// the run must not pass without them.
    fn unplayed(self) -> Option<&'static str> {
        match self {
            Self::Version => Some("for other versions"),
            Self::Feature => Some("for features that the server lacks"),
            Self::Deletion => Some("that delete accounts"),
            Self::Process => Some("that move its clock or restart it"),
            Self::Network => Some("that need another network"),
            Self::Trust => Some("over TLS"),
            Self::Access => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&[Outcome::Passed, Outcome::Passed], 2, Some("passes secure: 2 of 2 on 2026-12-01"))]
    #[case(&[Outcome::Passed, Outcome::Failed], 2, Some("secure: 1 of 2 pass on 2026-12-01"))]
    #[case(&[Outcome::Passed, Outcome::Known], 2, Some("secure: 1 of 2 pass on 2026-12-01"))]
    #[case(&[Outcome::Passed, Outcome::Skipped], 2, Some("secure: 1 of 2 pass, 1 skipped on 2026-12-01"))]
    #[case(&[Outcome::Passed], 2, None)]
    fn only_all_tests_of_a_tag_say_something(
        #[case] outcomes: &[Outcome],
        #[case] total: usize,
        #[case] expected: Option<&str>,
    ) {
        let tests: Vec<(&str, Outcome)> = ["a/a", "b/b"].into_iter().zip(outcomes.iter().copied()).collect();
        let mut report = Report::sample(&tests);
        report.date = Some("2026-12-01T10:00:00Z".to_owned());
        report.totals.insert("secure".to_owned(), total);
        report.results.iter_mut().for_each(|test| test.tags = vec!["secure".to_owned()]);
        assert_eq!(report.statements(), Vec::from_iter(expected));
        report.unplayed = 1;
        assert_eq!(report.statements(), Vec::<String>::new());
    }
    #[rstest]
    #[case(&[Need::Version], "passes secure: 1 of 2 on 2026-12-01 (not played: 1 for other versions)")]
    #[case(
        &[Need::Trust, Need::Version, Need::Trust],
        "passes secure: 1 of 4 on 2026-12-01 (not played: 1 for other versions, 2 over TLS)"
    )]
    #[case(&[Need::Version, Need::Access], "secure: 1 of 3 pass, 2 skipped on 2026-12-01")]
    fn a_line_names_what_was_not_played(#[case] needs: &[Need], #[case] expected: &str) {
        let names: Vec<String> = (0..=needs.len()).map(|number| format!("a/{number}")).collect();
        let tests: Vec<(&str, Outcome)> = names.iter().map(|name| (name.as_str(), Outcome::Skipped)).collect();
        let mut report = Report::sample(&tests);
        report.date = Some("2026-12-01T10:00:00Z".to_owned());
        report.totals.insert("secure".to_owned(), tests.len());
        report.results.iter_mut().for_each(|test| test.tags = vec!["secure".to_owned()]);
        report.results[0].result.outcome = Outcome::Passed;
        for (test, need) in report.results.iter_mut().skip(1).zip(needs) {
            test.result.needs = Some(*need);
        }
        assert_eq!(report.statements(), [expected]);
    }
}
