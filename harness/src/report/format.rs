//! The ways to write a report, and the list of them. A new one is a file with
//! its [`Format`] and a line in [`FORMATS`].

use super::{Report, baseline, github, html, human, json, junit, markdown, tap};

/// How text is dressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Whether in colour.
    pub colour: bool,
    /// How much is said.
    pub detail: Detail,
}

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Detail {
    /// Only what is not as it should be, and only at the end.
    Quiet,
    /// What did not pass, when it happens, and what is red again at the end.
    #[default]
    Usual,
    /// Passing tests, too.
    Verbose,
}

/// A way to write a report.
#[derive(Debug)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is for, as a fragment.
    pub text: &'static str,
    /// The whole report as text.
    pub render: fn(&Report, Style) -> Result<String, FormatError>,
    /// What is left to say at the end where every test was told as it came;
    /// none if that format does not do so.
    pub after_live: Option<fn(&Report, Style) -> String>,
}

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// As `JUnit` XML.
    #[error("it does not fit into JUnit XML: {0}")]
    Junit(#[from] quick_junit::SerializeError),
    /// As JSON.
    #[error("it does not fit into JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// As a baseline: the one that judged the run cannot be read.
    #[error("it does not fit into a baseline: {0}")]
    Baseline(String),
}

/// All formats.
pub static FORMATS: &[&Format] = &[
    &human::FORMAT,
    &json::FORMAT,
    &junit::FORMAT,
    &html::FORMAT,
    &github::FORMAT,
    &markdown::FORMAT,
    &tap::FORMAT,
    &baseline::FORMAT,
];

/// The format of that name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name).copied()
}

/// All of them, for `--help`.
pub fn formats_help() -> String {
    let lines = FORMATS.iter().map(|format| format!("`{}` ({})", format.name, format.text));
    format!(
        "{}; each goes to standard output, or to a file as KIND=FILE; may be given several times",
        lines.collect::<Vec<_>>().join(", ")
    )
}
