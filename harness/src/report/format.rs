//! What a way to write a report is.

use std::io::{self, Write};

use super::shape::Report;
use super::steps::StepFileError;

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
    /// How it is written.
    pub rendering: Rendering,
    /// What is left to print at the end where every test was printed when it ended;
    /// none if that format does not do so.
    pub after_live: Option<fn(&Report, Style) -> String>,
    /// Whether it shows the steps of tests that passed.
    pub shows_steps: bool,
}

/// How a report is written.
#[derive(Debug, Clone, Copy)]
pub enum Rendering {
    /// As one text.
    Text(fn(&Report, Style) -> Result<String, FormatError>),
    /// Test by test, since the whole may be too long for the memory.
    Stream(fn(&Report, &mut dyn Write) -> Result<(), FormatError>),
}

impl Format {
    /// Returns the whole report as text.
    pub fn text(&self, report: &Report, style: Style) -> Result<String, FormatError> {
        match self.rendering {
            Rendering::Text(render) => render(report, style),
            Rendering::Stream(render) => {
                let mut bytes = Vec::new();
                render(report, &mut bytes)?;
                String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error).into())
            }
        }
    }
}

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// As `JUnit` XML.
    #[error("it does not fit into JUnit XML: {0}")]
    Junit(#[from] quick_junit::SerializeError),
    /// As JSON.
    #[error("it does not fit into JSON: {0}")]
    Json(serde_json::Error),
    /// A file of this system.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The steps of a test are gone.
    #[error(transparent)]
    Steps(#[from] StepFileError),
    /// As a baseline: the one that judged the run cannot be read.
    #[error("it does not fit into a baseline: {0}")]
    Baseline(String),
}

impl From<serde_json::Error> for FormatError {
    fn from(error: serde_json::Error) -> Self {
        if error.is_io() { Self::Io(error.into()) } else { Self::Json(error) }
    }
}
