//! The tests that there are, and what they look at: what a baseline is held
//! against.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Case, Scenario, test_name};
use crate::baseline::{Baseline, Known, Pinned, SETTINGS_STEP};
use crate::diagnostic::{Diagnostic, Urgency, closest, did_you_mean};
use crate::expect::ANSWER_RULES;

/// A scenario and a case of it.
type TestName = (String, Option<String>);

/// The checks of a test and its control. How a step ends, and what its answers tell, is
/// looked at in any case.
#[derive(Debug, Default, PartialEq, Eq)]
struct PlacesChecked {
    steps: BTreeSet<String>,
    /// What the file expects: steps and paths.
    expected: BTreeSet<(String, String)>,
}

impl PlacesChecked {
    fn of(case: &Case) -> Self {
        let mut checks = Self::default();
        for play in std::iter::once(&case.play).chain(&case.control) {
            for (index, step) in play.shape.steps.iter().enumerate() {
                let step = step.id.clone().unwrap_or_else(|| format!("step-{}", index + 1));
                let expected = play.expected.get(index).into_iter().flatten();
                checks.expected.extend(expected.map(|one| (step.clone(), one.dotted())));
                checks.steps.insert(step);
            }
        }
        checks
    }

    /// Paths at which every step looks.
    fn of_every_step() -> impl Iterator<Item = &'static str> {
        std::iter::once("outcome").chain(ANSWER_RULES.iter().map(|rule| rule.path))
    }

    fn has(&self, step: &str, path: &str) -> bool {
        self.expected.contains(&(step.to_owned(), path.to_owned()))
            || self.steps.contains(step) && Self::of_every_step().any(|one| one == path)
    }

    /// All of them, as `step.path`.
    fn all(&self) -> impl Iterator<Item = String> {
        let of_steps = self.steps.iter().flat_map(|step| Self::of_every_step().map(move |path| (step.as_str(), path)));
        let expected = self.expected.iter().map(|(step, path)| (step.as_str(), path.as_str()));
        of_steps.chain(expected).map(|(step, path)| format!("{step}.{path}"))
    }
}

/// All tests of a catalogue, and the checks of each that was read.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    tests: BTreeMap<TestName, Option<Arc<PlacesChecked>>>,
    /// Whether it is a whole catalogue and not some files of one.
    pub(super) whole: bool,
}

impl Inventory {
    /// Adds all tests of a scenario.
    pub(super) fn list(&mut self, scenario: &Scenario) {
        // Cases of one file mostly look at the same.
        let mut known: Vec<Arc<PlacesChecked>> = Vec::new();
        for case in scenario.cases() {
            let checks = PlacesChecked::of(case);
            let checks = known.iter().find(|one| ***one == checks).cloned().unwrap_or_else(|| {
                known.push(Arc::new(checks));
                Arc::clone(&known[known.len() - 1])
            });
            self.tests.insert((scenario.name.clone(), case.name.clone()), Some(checks));
        }
    }

    /// Adds tests that are known only by name.
    pub(super) fn list_unread(&mut self, tests: impl IntoIterator<Item = TestName>) {
        tests.into_iter().for_each(|test| _ = self.tests.entry(test).or_default());
    }

    /// The name that is close to `text`, of a scenario, its topic, or the scenario
    /// in its topic; none if a test's name contains `text`.
    pub fn closest(&self, text: &str) -> Option<&str> {
        if self.names().any(|(name, _)| name.contains(text)) {
            return None;
        }
        closest(text, self.names().flat_map(|(name, _)| name.split('/').chain([name])))
    }

    /// The name of a topic, a scenario or a test that was meant by `text`, which
    /// is none of them.
    pub fn meant(&self, text: &str) -> Option<String> {
        let (start, case) = text.split_once("::").map_or((text, None), |(start, case)| (start, Some(case)));
        if let (true, Some(case)) = (self.of_scenario(start).next().is_some(), case) {
            let cases = self.of_scenario(start).filter_map(|((_, case), _)| case.as_deref());
            return closest(case, cases).map(|case| test_name(start, Some(case)));
        }
        let ends = |(name, _): &(&str, Option<&str>)| name.split('/').nth(1) == Some(start);
        let by_end = self.names().find(ends).map(|(name, _)| name);
        let names = || self.names().flat_map(|(name, _)| [name, name.split('/').next().unwrap_or_default()]);
        by_end.or_else(|| closest(start, names())).map(ToOwned::to_owned)
    }

    /// The tests: scenario and case.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.tests.keys().map(|(scenario, case)| (scenario.as_str(), case.as_deref()))
    }

    /// The tests, by name.
    #[cfg(test)]
    pub(super) fn tests(&self) -> impl Iterator<Item = TestName> {
        self.tests.keys().cloned()
    }

    fn of_scenario<'a>(
        &'a self,
        scenario: &str,
    ) -> impl Iterator<Item = (&'a TestName, &'a Option<Arc<PlacesChecked>>)> {
        self.tests.iter().filter(move |((name, _), _)| name == scenario)
    }

    /// Returns whether there is no such test, nor can be one elsewhere.
    pub fn lacks(&self, scenario: &str, case: Option<&str>) -> bool {
        let mut of_scenario = self.of_scenario(scenario).peekable();
        match (of_scenario.peek().is_some(), case) {
            (false, _) => self.whole,
            (true, None) => false,
            (true, case) => !of_scenario.any(|((_, name), _)| name.as_deref() == case),
        }
    }

    /// Returns the first check of an entry at which none of its tests looks;
    /// none where there is no such test.
    pub fn unseen<'a>(&self, known: &'a Known) -> Option<&'a Pinned> {
        let is_meant = |case: &Option<String>| known.case.is_none() || *case == known.case;
        let tests: Vec<_> = self.of_scenario(&known.scenario).filter(|((_, case), _)| is_meant(case)).collect();
        let is_seen = |pinned: &Pinned| {
            pinned.step == SETTINGS_STEP
                || tests
                    .iter()
                    .filter_map(|(_, checks)| checks.as_ref())
                    .any(|checks| checks.has(&pinned.step, &pinned.path))
        };
        let was_read = tests.iter().any(|(_, checks)| checks.is_some());
        known.found.iter().find(|pinned| was_read && !is_seen(pinned))
    }

    /// A complaint about every entry of a baseline that names a test, or a
    /// check, which this lacks. None of them keeps the others from being
    /// played.
    pub fn missing(&self, baseline: &Baseline) -> Vec<Diagnostic> {
        let warning = |problem: String, span: &std::ops::Range<usize>| Diagnostic {
            severity: Urgency::Warning,
            ..Diagnostic::error(problem, span.clone())
        };
        let mut problems = Vec::new();
        for known in &baseline.known {
            let name = test_name(&known.scenario, known.case.as_deref());
            if self.lacks(&known.scenario, known.case.as_deref()) {
                let problem = warning(format!("unknown test `{name}`"), &known.place.span);
                let problem = match self.close_to(known) {
                    Some(close) => problem.note(did_you_mean(close)),
                    None => problem,
                };
                problems.push(problem.note(STALE.replace("{what}", "name")));
            } else if let Some(Pinned { step, path, span, .. }) = self.unseen(known) {
                let problem = warning(format!("`{name}` has no expectation for `{path}` at step `{step}`"), span);
                let seen = self.of_scenario(&known.scenario).filter_map(|(_, checks)| checks.as_ref());
                let seen: BTreeSet<String> = seen.flat_map(|checks| checks.all()).collect();
                let problem = problem
                    .note(format!("it has expectations for {}", seen.into_iter().collect::<Vec<_>>().join(", ")));
                problems.push(problem.note(STALE.replace("{what}", "check")));
            }
        }
        // Once where an entry is for several cases.
        problems.dedup();
        problems
    }

    /// The name that an entry may have meant: of a case where there is such a
    /// scenario, or else of a scenario.
    pub fn close_to(&self, known: &Known) -> Option<&str> {
        let mut cases = self.of_scenario(&known.scenario).filter_map(|((_, case), _)| case.as_deref()).peekable();
        match &known.case {
            Some(case) if cases.peek().is_some() => closest(case, cases),
            _ => closest(&known.scenario, self.tests.keys().map(|(name, _)| name.as_str())),
        }
    }
}

const STALE: &str = "correct the {what}, or remove the entry: a stale entry makes the run red";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;

    #[test]
    fn only_a_whole_catalogue_lacks_a_scenario() {
        let test = ("a/b".to_owned(), Some("c".to_owned()));
        let mut inventory = Inventory { tests: BTreeMap::from([(test, None)]), whole: false };
        assert!(!inventory.lacks("a/b", None) && !inventory.lacks("a/b", Some("c")) && !inventory.lacks("x/y", None));
        assert!(inventory.lacks("a/b", Some("d")));
        inventory.whole = true;
        assert!(inventory.lacks("x/y", None));
    }

    #[test]
    fn an_entry_names_checks_that_there_are() {
        let file = |found: &str| {
            let text = format!(
                "format = 1\nname = \"n\"\n[[known]]\nscenario = \"id-token/wrong-audience\"\nresult = \"failed\"\n\
                 {found}\nreason = \"r\"\nreference = \"r\"\n"
            );
            let Ok(baseline) = Baseline::parse(Source { path: "b.toml".into(), text }, false) else {
                unreachable!("the text is right")
            };
            crate::scenario::Catalogue::embedded().inventory.unseen(&baseline.known[0]).map(|one| one.path.clone())
        };
        assert_eq!(file("found.step-1.outcome = \"signed-in\""), None);
        assert_eq!(file("found.settings.response.message = \"no\""), None);
        assert_eq!(file("found.step-1.account.name = \"x\"").as_deref(), Some("account.name"));
        assert_eq!(file("found.step-9.outcome = \"signed-in\"").as_deref(), Some("outcome"));
    }
}
