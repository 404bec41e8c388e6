//! Command lines of this program that messages and pages tell people to type,
//! for one scenario or one of its cases. What the flags mean is for
//! [`crate::cli`].

use crate::scenario::{Catalogue, test_name};

/// A scenario as the command line takes it: built-in ones go by name, others
/// by the path of their file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    /// Its name.
    BuiltIn(String),
    /// The path of its file.
    File(String),
}

impl Address {
    /// The address of the scenario `name`, whose file is at `path` and has this
    /// text.
    pub(crate) fn of(name: &str, path: &str, text: &str) -> Self {
        if Catalogue::is_built_in(name, text) { Self::BuiltIn(name.to_owned()) } else { Self::File(path.to_owned()) }
    }

    /// Plays it, or one of its cases.
    pub(crate) fn run(&self, case: Option<&str>) -> String {
        match (self, case) {
            (Self::BuiltIn(name), None) => format!("oidc-harness run --filter {}", quoted(name)),
            (Self::BuiltIn(name), Some(case)) => {
                format!("oidc-harness run --filter {}", quoted(&format!("{name}::{case}")))
            }
            (Self::File(path), None) => format!("oidc-harness run {}", quoted(path)),
            (Self::File(path), Some(case)) => {
                format!("oidc-harness run {} --filter {}", quoted(path), quoted(&format!("::{case}")))
            }
        }
    }

    /// Tells what it, or one of its cases, shows, and what asks for it.
    pub(crate) fn explain(&self, case: Option<&str>) -> String {
        format!("oidc-harness explain {}", quoted(&self.test(case)))
    }

    /// Sets it, or one of its cases, up for a person.
    pub(crate) fn explore(&self, case: Option<&str>) -> String {
        format!("oidc-harness explore {}", quoted(&self.test(case)))
    }

    fn test(&self, case: Option<&str>) -> String {
        let (Self::BuiltIn(text) | Self::File(text)) = self;
        test_name(text, case)
    }
}

/// As a shell takes it for one word.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/:._-[]".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("id-token/wrong-audience::plain", "id-token/wrong-audience::plain")]
    #[case("it's; rm -rf", r"'it'\''s; rm -rf'")]
    #[case("", "''")]
    fn a_word_stays_one_word(#[case] word: &str, #[case] expected: &str) {
        assert_eq!(quoted(word), expected);
    }

    #[test]
    fn a_built_in_scenario_goes_by_its_name_and_others_by_path() {
        let own = Address::of("claims/name", "my files/name.toml", "title = \"another\"\n");
        assert_eq!(own.run(Some("a")), "oidc-harness run 'my files/name.toml' --filter ::a");
        assert_eq!(own.explore(Some("a")), "oidc-harness explore 'my files/name.toml::a'");
        let catalogue = Catalogue::embedded();
        let ours = catalogue.scenarios.first().map(|one| Address::of(&one.name, "elsewhere", &one.source.text));
        let name = catalogue.scenarios.first().map(|one| one.name.clone()).unwrap_or_default();
        assert_eq!(ours.map(|ours| ours.explain(None)), Some(format!("oidc-harness explain {name}")));
    }
}
