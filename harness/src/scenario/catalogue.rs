//! Where scenarios come from: the catalogue in the binary, or paths.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use oidc_harness_scenarios as built_in;

use super::file::scenario_name;
use super::files::{CatalogueError, Files, embedded_files, read_files, source};
use super::filter::{Candidate, Filter};
use super::inventory::Inventory;
use super::proof::prove;
use super::shard::Shard;
use super::tag::PUBLIC_TAGS;
use super::{Broken, Scenario, test_name};
use crate::baseline::Baseline;
use crate::diagnostic::{Diagnostic, Source, closest};

/// Scenario files, good and broken.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// Those that can be played, by name.
    pub scenarios: Vec<Scenario>,
    /// Those that cannot.
    pub broken: Vec<Broken>,
    /// What there was before anything was filtered out.
    pub inventory: Inventory,
    /// How many built-in tests have each public tag; empty where not all were
    /// read.
    pub totals: BTreeMap<String, usize>,
}

/// What a catalogue keeps of what it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// What each test plays, for commands that look at all of them.
    Cases,
    /// The files alone, for a run, which reads each test again when it plays.
    Files,
}

impl Catalogue {
    /// The catalogue in the binary.
    pub fn embedded() -> Self {
        Self::embedded_for(&Filter::default(), Keep::Cases)
    }

    /// The catalogue in the binary, as [`Self::read_for`] reads files.
    pub fn embedded_for(filter: &Filter, keep: Keep) -> Self {
        Self::of_files(Files::default(), embedded_files().sources, filter, keep)
    }

    /// The same with the scenario files at `paths` beside it.
    pub fn embedded_and(paths: &[PathBuf], filter: &Filter, keep: Keep) -> Result<Self, CatalogueError> {
        Ok(Self::of_files(read_files(paths)?, embedded_files().sources, filter, keep))
    }

    /// What a filter chooses: files, built-in tests, or both; without choices,
    /// the catalogue in the binary.
    pub fn chosen(filter: &Filter, keep: Keep) -> Result<Self, CatalogueError> {
        let paths = filter.paths();
        match (paths.is_empty(), filter.names().next()) {
            (true, _) => Ok(Self::embedded_for(filter, keep)),
            (false, None) => Self::read_for(&paths, filter, keep),
            (false, Some(_)) => Self::embedded_and(&paths, filter, keep),
        }
    }

    /// Scenario files and folders of them.
    pub fn read(paths: &[PathBuf]) -> Result<Self, CatalogueError> {
        Self::read_for(paths, &Filter::default(), Keep::Cases)
    }

    /// The same without files in which the filter wants no test. The inventory
    /// holds all tests: a file's names take a tenth of the time that the file
    /// takes.
    pub fn read_for(paths: &[PathBuf], filter: &Filter, keep: Keep) -> Result<Self, CatalogueError> {
        let mut catalogue = Self::of_files(read_files(paths)?, Vec::new(), filter, keep);
        catalogue.inventory.whole = paths.iter().any(|path| path.join("scenario.schema.json").is_file());
        Ok(catalogue)
    }

    fn of_files(files: Files, built_in: Vec<Source>, filter: &Filter, keep: Keep) -> Self {
        let mut tests = Vec::new();
        let is_whole = !built_in.is_empty();
        let mut is_wanted = |source: &Source, is_built_in: bool| {
            if filter.choices.is_empty() && filter.texts.is_empty() {
                return true;
            }
            let name = scenario_name(&source.path);
            let cases = Scenario::case_names(source);
            let is_chosen = |case: Option<&str>| {
                filter.chooses(&Candidate { path: &source.path, is_built_in, scenario: &name, case })
                    && filter.has_text(&test_name(&name, case))
            };
            // The cases of a broken file may be unknown.
            let is_unknown = cases.is_empty() && !is_built_in;
            let is_wanted = is_unknown || is_chosen(None) || cases.iter().any(|case| is_chosen(case.as_deref()));
            tests.extend(cases.into_iter().map(|case| (name.clone(), case)));
            is_wanted
        };
        let (mut sources, mut unread): (Vec<Source>, Vec<Source>) =
            files.sources.into_iter().partition(|source| is_wanted(source, false));
        for source in built_in {
            if is_wanted(&source, true) { sources.push(source) } else { unread.push(source) }
        }
        unread.extend(files.beside);
        let mut catalogue = Self::of_sources(sources, &unread, keep);
        catalogue.inventory.list_unread(tests);
        catalogue.broken.extend(files.broken);
        catalogue.inventory.whole = is_whole;
        if is_whole && filter.choices.is_empty() && filter.texts.is_empty() {
            catalogue.totals = catalogue.tagged();
        }
        catalogue
    }

    /// These scenario files.
    pub fn of(sources: impl IntoIterator<Item = Source>) -> Self {
        Self::of_beside(sources, &[])
    }

    /// These scenario files; `unread` ones beside them are read only for proofs.
    pub fn of_beside(sources: impl IntoIterator<Item = Source>, unread: &[Source]) -> Self {
        Self::of_sources(sources, unread, Keep::Cases)
    }

    fn of_sources(sources: impl IntoIterator<Item = Source>, unread: &[Source], keep: Keep) -> Self {
        let mut catalogue = Self::default();
        sources.into_iter().for_each(|source| catalogue.add(source, keep));
        catalogue.broken.extend(prove(&mut catalogue.scenarios, unread));
        catalogue.sorted()
    }

    /// Whether a file of this name and text is in the binary.
    pub fn is_built_in(name: &str, text: &str) -> bool {
        built_in::scenario(name).is_some_and(|file| file.text == text)
    }

    /// Whether there is a built-in scenario, or a topic, of this name.
    pub fn knows(name: &str) -> bool {
        built_in::scenario(name).is_some() || built_in::is_topic(name)
    }

    /// The baselines in the binary, by name.
    pub fn baselines() -> Result<Vec<Baseline>, Broken> {
        let read = built_in::baselines().map(|file| Baseline::parse(source(file), true));
        let mut baselines = read.collect::<Result<Vec<_>, _>>()?;
        baselines.sort_by_key(Baseline::id);
        Ok(baselines)
    }

    fn add(&mut self, source: Source, keep: Keep) {
        let name = scenario_name(&source.path);
        match Scenario::parse(&name, source) {
            Ok(mut scenario) => {
                self.inventory.list(&scenario);
                if keep == Keep::Files {
                    scenario.forget();
                }
                self.scenarios.push(scenario);
            }
            Err(broken) => self.broken.push(broken),
        }
    }

    fn sorted(mut self) -> Self {
        self.scenarios.sort_by(|a, b| (&a.name, &a.source.path).cmp(&(&b.name, &b.source.path)));
        // The same file may be named twice, directly and by its folder.
        self.scenarios.dedup_by(|later, one| later.name == one.name && later.source == one.source);
        // Reports identify tests by name.
        self.scenarios.dedup_by(|later, one| {
            let is_taken = later.name == one.name;
            if is_taken {
                let text = format!("another scenario has the name `{}`: {}", one.name, one.source.path.display());
                let problem = Diagnostic::error(text, 0..0).note("rename one of the two, or run them separately");
                self.broken.push(Broken { source: Arc::clone(&later.source), problems: vec![problem] });
            }
            is_taken
        });
        self
    }

    /// How many tests have each public tag.
    fn tagged(&self) -> BTreeMap<String, usize> {
        let tests = self.scenarios.iter().flat_map(|scenario| &scenario.tests);
        let mut totals = BTreeMap::new();
        for tag in tests.flat_map(|test| &test.public_tags) {
            *totals.entry((*tag).to_owned()).or_default() += 1;
        }
        totals
    }

    /// The tag that was meant by another word; none where a test has that word.
    pub fn meant_tag(&self, word: &str) -> Option<String> {
        let tests = || self.scenarios.iter().flat_map(|scenario| &scenario.tests);
        if tests().any(|test| test.has_tag(word)) {
            return None;
        }
        let written = tests().flat_map(|test| test.tags.iter().map(String::as_str));
        closest(word, PUBLIC_TAGS.iter().map(|tag| tag.name).chain(written)).map(ToOwned::to_owned)
    }

    /// How many tests there are.
    pub fn tests(&self) -> usize {
        self.scenarios.iter().map(|scenario| scenario.tests.len()).sum()
    }

    /// Keeps the tests of one of several shards: every n-th by name, so that
    /// each gets some of every topic.
    pub fn retain_shard(&mut self, shard: Shard) {
        let mut position = 0;
        for scenario in &mut self.scenarios {
            scenario.retain(|_| {
                position += 1;
                shard.has(position - 1)
            });
        }
        self.scenarios.retain(|scenario| !scenario.tests.is_empty());
    }

    /// Keeps what `filter` wants.
    pub fn retain(&mut self, filter: &Filter) {
        let is_called = |scenario: &Scenario, text: &str| {
            scenario.tests.iter().any(|test| test_name(&scenario.name, test.case.as_deref()) == text)
        };
        let is_exact: Vec<(&str, bool)> = filter
            .texts
            .iter()
            .map(|text| (text.as_str(), self.scenarios.iter().any(|one| is_called(one, text))))
            .collect();
        let is_meant = |name: &str| {
            let is_it = |(text, exact): &(&str, bool)| if *exact { name == *text } else { name.contains(text) };
            is_exact.is_empty() || is_exact.iter().any(is_it)
        };
        for scenario in &mut self.scenarios {
            let name = scenario.name.clone();
            let source = Arc::clone(&scenario.source);
            // A file and a built-in scenario may be the same.
            let origins: &[bool] = if Self::is_built_in(&name, &source.text) { &[true, false] } else { &[false] };
            scenario.retain(|test| {
                let case_name = test.case.as_deref();
                let named = |is_built_in: &bool| Candidate {
                    path: &source.path,
                    is_built_in: *is_built_in,
                    scenario: &name,
                    case: case_name,
                };
                origins.iter().any(|origin| filter.chooses(&named(origin)))
                    && is_meant(&test_name(&name, case_name))
                    && filter.tag.as_ref().is_none_or(|tag| test.has_tag(tag))
            });
        }
        self.scenarios.retain(|scenario| !scenario.tests.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rstest::rstest;

    use super::*;

    /// The names of the tests that a catalogue still has.
    fn names(catalogue: &Catalogue) -> BTreeSet<String> {
        let tests = catalogue.scenarios.iter().flat_map(|one| one.tests.iter().map(move |test| (one, test)));
        tests.map(|(one, test)| test_name(&one.name, test.case.as_deref())).collect()
    }

    /// A run reads each test again when it plays.
    #[test]
    fn a_catalogue_without_cases_says_the_same() {
        let told = |keep: Keep| {
            let mut catalogue = Catalogue::embedded_for(&Filter::default(), keep);
            let totals = catalogue.totals.clone();
            catalogue.retain(&Filter { tag: Some("secure".to_owned()), ..Filter::default() });
            let cases: Vec<String> =
                catalogue.scenarios.iter().map(|one| format!("{} {:?}", one.name, one.cases())).collect();
            (totals, names(&catalogue), cases)
        };
        assert_eq!(told(Keep::Files), told(Keep::Cases));
    }

    #[test]
    fn shards_are_even_and_miss_nothing() {
        let whole = Catalogue::embedded();
        let mut seen = BTreeSet::new();
        let mut sizes = BTreeSet::new();
        for text in ["1/3", "2/3", "3/3"] {
            let mut catalogue = Catalogue::embedded();
            if let Ok(shard) = text.parse() {
                catalogue.retain_shard(shard);
            }
            sizes.insert(catalogue.tests());
            seen.extend(names(&catalogue));
        }
        assert_eq!(seen, names(&whole));
        assert_eq!(seen.len(), whole.inventory.tests().count());
        assert!(sizes.last().zip(sizes.first()).is_some_and(|(most, least)| most - least <= 1));
    }

    #[rstest]
    #[case("auto-register/")]
    #[case("id-token/another-kind::access-token")]
    #[case("kind::acc")]
    #[case("claims-in-id-token")]
    #[case("no such test")]
    fn a_part_of_the_catalogue_holds_what_its_filter_wants(#[case] text: &str) {
        let filter = Filter::text(text);
        let kept = |mut catalogue: Catalogue| {
            catalogue.retain(&filter);
            (names(&catalogue), catalogue.inventory.tests().collect::<BTreeSet<_>>())
        };
        assert_eq!(kept(Catalogue::embedded_for(&filter, Keep::Cases)), kept(Catalogue::embedded()));
    }

    #[rstest]
    #[case("id-token/another-kind::access-token", &["id-token/another-kind::access-token"])]
    #[case("another-kind::access-token", &[
        "id-token/another-kind::access-token",
        "id-token/another-kind::access-token-claims-in-id-token",
    ])]
    fn a_whole_name_means_one_test(#[case] text: &str, #[case] expected: &[&str]) {
        let mut catalogue = Catalogue::embedded();
        catalogue.retain(&Filter::text(text));
        let names = catalogue
            .scenarios
            .iter()
            .flat_map(|one| one.tests.iter().map(|test| test_name(&one.name, test.case.as_deref())));
        assert_eq!(names.collect::<Vec<_>>(), expected);
    }
}
