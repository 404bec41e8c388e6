//! Which tests a command is about: by file, by name or glob, by text, by tag.
//! Reading and keeping them is for [`super::Catalogue`].

use std::path::{Path, PathBuf};

use regex_lite::Regex;

use super::{Inventory, test_name};

/// Which tests are wanted; without choices and texts, all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Files and names. A test must have at least one of them.
    pub choices: Vec<Choice>,
    /// Texts. The name of a test must contain at least one of them. A text that
    /// is the whole name of a test chooses that test alone.
    pub texts: Vec<String>,
    /// A tag that the test has.
    pub tag: Option<String>,
}

/// A word of the command line that chooses tests.
#[derive(Debug, Clone)]
pub enum Choice {
    /// A file, or a folder of them, and perhaps the name of a case.
    Path(PathBuf, Option<Glob>),
    /// Built-in tests.
    Name(Glob),
}

/// A name in which `*` stands for any text, and `?` for any letter.
#[derive(Debug, Clone)]
pub struct Glob {
    text: String,
    regex: Option<Regex>,
}

impl Glob {
    fn new(text: &str) -> Self {
        let pattern = regex_lite::escape(text).replace(r"\*", ".*").replace(r"\?", ".");
        Self { text: text.to_owned(), regex: Regex::new(&format!("^(?:{pattern})$")).ok() }
    }

    fn matches(&self, name: &str) -> bool {
        self.regex.as_ref().is_some_and(|regex| regex.is_match(name))
    }
}

impl Choice {
    /// Reads a word: an existing path, `path::case`, or else a name or a glob.
    pub fn of(word: &str) -> Self {
        let path = |text: &str| Some(PathBuf::from(text)).filter(|path| path.exists());
        if let Some(whole) = path(word) {
            return Self::Path(whole, None);
        }
        match word.rsplit_once("::").and_then(|(file, case)| Some((path(file)?, case))) {
            Some((file, case)) => Self::Path(file, Some(Glob::new(case))),
            None => Self::Name(Glob::new(word)),
        }
    }

    fn wants(&self, test: &Candidate<'_>) -> bool {
        match self {
            Self::Path(path, case) => {
                !test.is_built_in
                    && test.path.starts_with(path)
                    && case.as_ref().is_none_or(|glob| test.case.is_some_and(|case| glob.matches(case)))
            }
            Self::Name(glob) => test.is_built_in && test.is_called(glob),
        }
    }
}

/// A test by all that can choose it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub(super) path: &'a Path,
    pub(super) is_built_in: bool,
    pub(super) scenario: &'a str,
    pub(super) case: Option<&'a str>,
}

impl Candidate<'_> {
    /// Whether the name of the topic, the scenario or the test is meant.
    fn is_called(&self, glob: &Glob) -> bool {
        let topic = self.scenario.split('/').next().unwrap_or_default();
        let names = [topic.to_owned(), self.scenario.to_owned(), test_name(self.scenario, self.case)];
        names.iter().any(|name| glob.matches(name))
    }
}

impl Filter {
    /// Tests whose name contains `text`.
    pub fn text(text: impl Into<String>) -> Self {
        Self { texts: vec![text.into()], ..Self::default() }
    }

    /// Reads words that name files or tests.
    pub fn choices(words: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        Self { choices: words.into_iter().map(|word| Choice::of(word.as_ref())).collect(), ..Self::default() }
    }

    /// The files and folders among the choices.
    pub fn paths(&self) -> Vec<PathBuf> {
        let path = |choice: &Choice| match choice {
            Choice::Path(path, _) => Some(path.clone()),
            Choice::Name(_) => None,
        };
        self.choices.iter().filter_map(path).collect()
    }

    /// The names among the choices.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.globs().map(|glob| glob.text.as_str())
    }

    fn globs(&self) -> impl Iterator<Item = &Glob> {
        self.choices.iter().filter_map(|choice| match choice {
            Choice::Name(glob) => Some(glob),
            Choice::Path(..) => None,
        })
    }

    /// The first name or text that no test of a catalogue has.
    pub fn unmatched<'a>(&'a self, inventory: &Inventory) -> Option<Unmatched<'a>> {
        let anything = |(scenario, case): (&str, Option<&str>), glob: &Glob| {
            Candidate { path: Path::new(""), is_built_in: true, scenario, case }.is_called(glob)
        };
        let name = self.globs().find(|glob| !inventory.names().any(|name| anything(name, glob)));
        let has = |text: &str| inventory.names().any(|(scenario, case)| test_name(scenario, case).contains(text));
        name.map(|glob| Unmatched::Name(&glob.text))
            .or_else(|| self.texts.iter().find(|text| !has(text)).map(|text| Unmatched::Text(text)))
    }

    /// Whether a choice, if there are any, wants the test.
    pub(super) fn chooses(&self, test: &Candidate<'_>) -> bool {
        self.choices.is_empty() || self.choices.iter().any(|choice| choice.wants(test))
    }

    /// Whether the name has one of the texts, if there are any.
    pub(super) fn has_text(&self, name: &str) -> bool {
        self.texts.is_empty() || self.texts.iter().any(|text| name.contains(text.as_str()))
    }
}

/// What chooses no test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmatched<'a> {
    /// A name or a glob.
    Name(&'a str),
    /// A text of `--filter`.
    Text(&'a str),
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("id-token", true)]
    #[case("id-token/expired", true)]
    #[case("id-token/expired::late", true)]
    #[case("id-token/*", true)]
    #[case("*::late", true)]
    #[case("id-token/exp?red", true)]
    #[case("expired", false)]
    #[case("id-token/exp", false)]
    #[case("id.token", false)]
    fn a_name_means_a_topic_a_scenario_or_a_test(#[case] word: &str, #[case] expected: bool) {
        let test =
            Candidate { path: Path::new("x"), is_built_in: true, scenario: "id-token/expired", case: Some("late") };
        assert_eq!(Filter::choices(&[word.to_owned()]).chooses(&test), expected);
    }

    #[test]
    fn an_existing_path_wins() {
        let folder = env!("CARGO_MANIFEST_DIR");
        let word = |word: &str| format!("{folder}/{word}");
        assert!(matches!(Choice::of(folder), Choice::Path(_, None)));
        assert!(matches!(Choice::of(&word("Cargo.toml::one")), Choice::Path(_, Some(_))));
        assert!(matches!(Choice::of(&word("nowhere.toml")), Choice::Name(_)));
    }
}
