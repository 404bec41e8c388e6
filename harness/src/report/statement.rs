//! What a maintainer may say of a server in one line: that it passes all tests
//! with a public tag.

use super::result::Outcome;
use super::shape::Report;
use crate::scenario::PUBLIC_TAGS;

impl Report {
    /// Returns a line for each public tag if the run played all its built-in
    /// tests: `passes secure: 412 of 412 on 2026-12-01`.
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
        let date = self.date.as_deref().and_then(|date| date.get(..10));
        let date = date.map(|date| format!(" on {date}")).unwrap_or_default();
        Some(match (passed == total, skipped) {
            (true, _) => format!("passes {tag}: {total} of {total}{date}"),
            (false, 0) => format!("{tag}: {passed} of {total} pass{date}"),
            (false, _) => format!("{tag}: {passed} of {total} pass, {skipped} skipped{date}"),
        })
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
}
