//! What a way to write a report is.

use super::shape::Report;

/// How text is dressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Whether in colour.
    pub colour: bool,
    /// Whether lines are cut to the width of a terminal.
    pub is_terminal: bool,
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
    /// What names of its files end in, if only programs read them; none if a person
    /// can read it on a terminal.
    pub ending: Option<&'static str>,
    /// The whole report as text.
    pub render: fn(&Report, Style) -> Result<String, FormatError>,
    /// What is left to print at the end where every test was printed when it ended;
    /// none if that format does not do so.
    pub after_live: Option<fn(&Report, Style) -> String>,
    /// Whether it shows the steps of tests that passed.
    pub shows_steps: bool,
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
