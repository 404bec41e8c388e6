//! Two reports held against each other: what the target does worse, and what
//! better. Baselines do not count here: known or not, it is the same.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::result::Outcome;
use super::shape::{CaseReport, Report};
use crate::escape::{markdown, terminal};

/// One test that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `topic/name::case`.
    pub test: String,
    /// What is right when it passes.
    pub title: String,
    /// What came of it before; none if there was no such test.
    pub old: Option<Outcome>,
    /// What comes of it now; none if there is no such test any more.
    pub new: Option<Outcome>,
    /// What was found, where it does not hold now.
    pub found: String,
}

/// What differs between two reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// What holds no more.
    pub broke: Vec<Change>,
    /// What did not hold, and does now.
    pub fixed: Vec<Change>,
    /// What has another result that is neither better nor worse.
    pub changed: Vec<Change>,
    /// Tests that there were not.
    pub new: Vec<Change>,
    /// Tests that there are no more.
    pub gone: Vec<Change>,
    /// How many tests are in one report alone because the other run was
    /// interrupted; their results are unknown there.
    pub uncompared: usize,
}

/// What a result says of the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Holds,
    DoesNotHold,
    Open,
}

fn standing(outcome: Outcome) -> Standing {
    match outcome {
        Outcome::Passed | Outcome::UnexpectedPass => Standing::Holds,
        Outcome::Failed | Outcome::Finding | Outcome::Known | Outcome::Blocked | Outcome::Error => {
            Standing::DoesNotHold
        }
        Outcome::NotExercised | Outcome::Skipped | Outcome::StaleEntry => Standing::Open,
    }
}

/// What differs, by the names of the tests.
pub fn compare(old: &Report, new: &Report) -> Difference {
    let before: BTreeMap<String, &CaseReport> = old.results.iter().map(|case| (case.test_name(), case)).collect();
    let after: BTreeMap<String, &CaseReport> = new.results.iter().map(|case| (case.test_name(), case)).collect();
    let mut difference = Difference::default();
    for (test, case) in &after {
        let was = before.get(test);
        let change = Change {
            old: was.map(|was| was.result.outcome),
            new: Some(case.result.outcome),
            found: found(case),
            ..named(test, case)
        };
        let Some(was) = was else {
            if old.is_partial() {
                difference.uncompared += 1;
            } else {
                difference.new.push(change);
            }
            continue;
        };
        let list = match (standing(was.result.outcome), standing(case.result.outcome)) {
            (Standing::Holds | Standing::Open, Standing::DoesNotHold) => &mut difference.broke,
            // What only should be so was not; now something that must be is not.
            _ if (was.result.outcome, case.result.outcome) == (Outcome::Finding, Outcome::Failed) => {
                &mut difference.broke
            }
            (Standing::DoesNotHold, Standing::Holds) => &mut difference.fixed,
            _ if was.result.outcome != case.result.outcome => &mut difference.changed,
            _ => continue,
        };
        list.push(change);
    }
    for (test, case) in before.iter().filter(|(test, _)| !after.contains_key(*test)) {
        if new.is_partial() {
            difference.uncompared += 1;
        } else {
            difference.gone.push(Change { old: Some(case.result.outcome), ..named(test, case) });
        }
    }
    difference
}

fn named(test: &str, case: &CaseReport) -> Change {
    Change { test: test.to_owned(), title: case.title.clone(), old: None, new: None, found: String::new() }
}

fn found(case: &CaseReport) -> String {
    if standing(case.result.outcome) != Standing::DoesNotHold {
        return String::new();
    }
    case.found()
}

impl Change {
    /// How it went and how it goes, such as `passed → failed`.
    pub fn course(&self) -> String {
        match (self.old, self.new) {
            (Some(old), Some(new)) => format!("{} → {}", old.name(), new.name()),
            (one, other) => one.or(other).map(|outcome| outcome.name().to_owned()).unwrap_or_default(),
        }
    }
}

impl Difference {
    /// The lists with their headings, those that are not empty.
    pub fn sections(&self) -> Vec<(&'static str, &[Change])> {
        let all = [
            ("Broke", &self.broke),
            ("Fixed", &self.fixed),
            ("Changed", &self.changed),
            ("New", &self.new),
            ("Removed", &self.gone),
        ];
        all.into_iter().filter(|(_, list)| !list.is_empty()).map(|(name, list)| (name, list.as_slice())).collect()
    }

    /// The whole in a line.
    pub fn headline(&self) -> String {
        let mut counts: Vec<String> =
            self.sections().iter().map(|(name, list)| format!("{} {}", list.len(), name.to_lowercase())).collect();
        if self.uncompared > 0 {
            counts.push(format!("{} not compared, since a run was interrupted", self.uncompared));
        }
        if counts.is_empty() { "Nothing differs".to_owned() } else { counts.join(", ") }
    }

    /// As text for a terminal.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (name, list) in self.sections() {
            let _ = writeln!(text, "{}:", name.to_lowercase());
            for change in list {
                let _ = writeln!(text, "  {}  ({})", terminal(&change.test), change.course());
                for more in [&change.title, &change.found].into_iter().filter(|more| !more.is_empty()) {
                    let _ = writeln!(text, "      {}", terminal(more));
                }
            }
            text.push('\n');
        }
        text + &self.headline() + "\n"
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        let mut text = format!("## {}\n", self.headline());
        for (name, list) in self.sections() {
            let _ = writeln!(text, "\n### {name}\n\n| test | result | what should hold | found |\n|---|---|---|---|");
            for change in list {
                let cells = [&change.test, &change.course(), &change.title, &change.found].map(|cell| markdown(cell));
                let _ = writeln!(text, "| {} |", cells.join(" | "));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn report(outcome: Option<Outcome>) -> Report {
        let results: Vec<_> = outcome.map(|outcome| ("a/b", outcome)).into_iter().collect();
        Report::sample(&results)
    }

    #[rstest]
    #[case(Some(Outcome::Passed), Some(Outcome::Failed), "1 broke")]
    #[case(Some(Outcome::Passed), Some(Outcome::Known), "1 broke")]
    #[case(Some(Outcome::Skipped), Some(Outcome::Finding), "1 broke")]
    #[case(Some(Outcome::Failed), Some(Outcome::Passed), "1 fixed")]
    #[case(Some(Outcome::Known), Some(Outcome::UnexpectedPass), "1 fixed")]
    #[case(Some(Outcome::Failed), Some(Outcome::Known), "1 changed")]
    #[case(Some(Outcome::Passed), Some(Outcome::Skipped), "1 changed")]
    #[case(Some(Outcome::Failed), Some(Outcome::Failed), "Nothing differs")]
    #[case(None, Some(Outcome::Failed), "1 new")]
    #[case(Some(Outcome::Passed), None, "1 removed")]
    fn tells_better_from_worse(#[case] old: Option<Outcome>, #[case] new: Option<Outcome>, #[case] expected: &str) {
        assert_eq!(compare(&report(old), &report(new)).headline(), expected);
    }

    #[test]
    fn what_an_interrupted_run_did_not_play_is_neither_new_nor_gone() {
        let (whole, part) = (report(Some(Outcome::Passed)), Report { exit_code: 130, ..report(None) });
        let expected = "1 not compared, since a run was interrupted";
        assert_eq!(compare(&whole, &part).headline(), expected);
        assert_eq!(compare(&part, &whole).headline(), expected);
    }
}
