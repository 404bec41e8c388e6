//! Command lines of this program that messages and pages tell people to type,
//! for one scenario or one of its cases. What the flags mean is for
//! [`crate::cli`].

use std::path::{Path, PathBuf};

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
        format!("{} run {}", program(), quoted(&self.test(case)))
    }

    /// Tells what it, or one of its cases, shows, and what asks for it.
    pub(crate) fn explain(&self, case: Option<&str>) -> String {
        format!("{} explain {}", program(), quoted(&self.test(case)))
    }

    /// Sets it, or one of its cases, up for a person.
    pub(crate) fn explore(&self, case: Option<&str>) -> String {
        format!("{} explore {}", program(), quoted(&self.test(case)))
    }

    fn test(&self, case: Option<&str>) -> String {
        let (Self::BuiltIn(text) | Self::File(text)) = self;
        test_name(text, case)
    }
}

/// How the user starts this program: by cargo in its own workspace, or as they
/// started it now. The test of another crate is not this program.
pub(crate) fn program() -> String {
    let is_it = |started: &String| Path::new(started).file_stem().is_some_and(|name| name == NAME);
    let started = std::env::args().next().filter(is_it);
    let by_name = started.as_deref().and_then(|started| on_path(Path::new(started)));
    let of_cargo = std::env::var("CARGO_PKG_NAME");
    named(by_name.as_deref().or(started.as_deref()), of_cargo.is_ok_and(|package| PACKAGES.contains(&package.as_str())))
}

/// The name of this program.
const NAME: &str = "oidc-harness";

/// The packages of the workspace in which `cargo run` runs this program.
const PACKAGES: &[&str] = &[NAME, "conformance-tests"];

/// The bare name of a program, if a shell finds that program by it.
fn on_path(started: &Path) -> Option<String> {
    let name = started.file_name()?;
    let program = started.canonicalize().ok()?;
    let folders = std::env::var_os("PATH")?;
    let is_it = |folder: PathBuf| folder.join(name).canonicalize().is_ok_and(|found| found == program);
    std::env::split_paths(&folders).any(is_it).then(|| name.to_string_lossy().into_owned())
}

fn named(started: Option<&str>, by_cargo: bool) -> String {
    match started {
        _ if by_cargo => "cargo run --".to_owned(),
        Some(name) => quoted(name),
        None => NAME.to_owned(),
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

    #[rstest]
    #[case(Some("./target/debug/oidc-harness"), true, "cargo run --")]
    #[case(Some("./oidc-harness"), false, "./oidc-harness")]
    #[case(None, false, "oidc-harness")]
    fn the_program_is_called_as_the_user_calls_it(
        #[case] started: Option<&str>,
        #[case] by_cargo: bool,
        #[case] expected: &str,
    ) {
        assert_eq!(named(started, by_cargo), expected);
    }

    #[test]
    fn a_built_in_scenario_goes_by_its_name_and_others_by_path() {
        let own = Address::of("claims/name", "my files/name.toml", "title = \"another\"\n");
        let program = program();
        assert_eq!(own.run(Some("a")), format!("{program} run 'my files/name.toml::a'"));
        assert_eq!(own.explore(Some("a")), format!("{program} explore 'my files/name.toml::a'"));
        let catalogue = Catalogue::embedded();
        let ours = catalogue.scenarios.first().map(|one| Address::of(&one.name, "elsewhere", &one.source.text));
        let name = catalogue.scenarios.first().map(|one| one.name.clone()).unwrap_or_default();
        assert_eq!(ours.map(|ours| ours.explain(None)), Some(format!("{program} explain {name}")));
    }
}
