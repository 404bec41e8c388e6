//! One shape for every complaint that points into a file: a scenario, or a
//! baseline.
//!
//! A parse error, a validation problem and a failed expectation are all
//! [`Diagnostic`]s: a message, labelled places, and what to do. Rendering is
//! here too, in the look that readers know from rustc; nothing is printed.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
pub use mock_idp::{closest, did_you_mean};
use serde::{Deserialize, Serialize};

use crate::escape::{self, terminal, terminal_lines};

/// A file that diagnostics point into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it was read from, as the user named it.
    pub path: PathBuf,
    /// Its whole text.
    pub text: String,
}

/// A file that cannot be used, and all that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The file.
    pub source: Arc<Source>,
    /// What is wrong.
    pub problems: Vec<Diagnostic>,
}

impl Broken {
    /// A file with these mistakes, in the order in which they stand there.
    pub(crate) fn in_order(source: &Arc<Source>, mut problems: Vec<Diagnostic>) -> Self {
        problems.sort_by_key(|problem| problem.labels.first().map(|label| label.span.start));
        Self { source: Arc::clone(source), problems }
    }

    /// What is wrong, where there is no room to show the places.
    pub fn in_one_line(&self) -> String {
        self.problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("; ")
    }
}

/// How serious a [`Diagnostic`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// Nothing can go on, or a requirement is not met.
    Error,
    /// Worth knowing.
    Warning,
}

/// A place in the source with a word on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Byte range in the source.
    pub span: Range<usize>,
    /// What is to be said of that place; may be empty.
    pub text: String,
    /// Whether this is the place the message is about.
    pub primary: bool,
}

impl Source {
    /// Line and column in letters, both from 1, of a byte of the text.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        position(&self.text, offset)
    }
}

/// Line and column in letters, both from 1, of a byte of `text`.
pub(crate) fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// How a diagnostic looks as text.
#[derive(Debug, Clone, Copy)]
pub struct DiagnosticLook {
    /// Whether it is in colour.
    pub colour: bool,
    /// How much of a line of the file is shown, in columns.
    pub width: usize,
}

impl DiagnosticLook {
    /// In a log.
    pub const PLAIN: Self = Self { colour: false, width: 140 };
}

/// One complaint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How serious it is.
    pub severity: Urgency,
    /// What was found, as a lower-case fragment.
    pub message: String,
    /// The places it is about, the primary one first.
    pub labels: Vec<Label>,
    /// What to do, or what to know.
    pub notes: Vec<String>,
}

impl Diagnostic {
    /// An error at `span`.
    pub fn error(message: impl Into<String>, span: Range<usize>) -> Self {
        Self {
            severity: Urgency::Error,
            message: message.into(),
            labels: vec![Label { span, text: String::new(), primary: true }],
            notes: Vec::new(),
        }
    }

    /// Puts a word on the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(label) = self.labels.first_mut() {
            label.text = text.into();
        }
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn also(mut self, span: Range<usize>, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into(), primary: false });
        self
    }

    /// Adds a line below.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds “did you mean” where one of `candidates` is close to `found`.
    #[must_use]
    pub fn suggest<'a>(self, found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        match closest(found, candidates) {
            Some(name) => self.note(did_you_mean(name)),
            None => self,
        }
    }

    /// The complaint as text. Foreign text in it cannot move the cursor or begin a
    /// line of its own.
    pub fn render(&self, source: &Source, look: DiagnosticLook) -> String {
        let renderer = if look.colour { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.term_width(look.width);
        let level = match self.severity {
            Urgency::Error => Level::ERROR,
            Urgency::Warning => Level::WARNING,
        };
        let path = terminal(&source.path.display().to_string());
        let message = terminal(&self.message);
        let notes: Vec<String> = self.notes.iter().map(|note| terminal_lines(note)).collect();
        let labels: Vec<String> = self.labels.iter().map(|label| terminal(&label.text)).collect();
        let text = escape::source(&source.text);
        let snippet = Snippet::source(text.as_str()).path(path).annotations(self.labels.iter().zip(&labels).map(
            |(label, text)| {
                let kind = if label.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
                let span = boundary(&source.text, label.span.start)..boundary(&source.text, label.span.end);
                kind.span(span).label((!text.is_empty()).then_some(text.as_str()))
            },
        ));
        let group = Group::with_title(level.primary_title(message.as_str()))
            .element(snippet)
            .elements(notes.iter().map(|note| Level::HELP.no_name().message(note.as_str())));
        renderer.render(&[group])
    }
}

/// The nearest place before `offset` at which a letter of `text` begins; a
/// report may speak of a different text than the one that it comes with.
fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|offset| text.is_char_boundary(*offset)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_is_not_in_the_text_breaks_nothing() {
        let source = Source { path: "a.toml".into(), text: "a = \"§ß\"\n".into() };
        for (start, end) in [(6, 8), (8, 100), (100, 200), (7, 7)] {
            assert!(Diagnostic::error("m", start..end).render(&source, DiagnosticLook::PLAIN).contains("a.toml:"));
        }
    }

    #[test]
    fn points_at_the_line_and_says_what_to_do() {
        let source = Source { path: "a.toml".into(), text: "title = \"x\"\nlevle = \"must\"\n".into() };
        let text = Diagnostic::error("unknown key `levle`", 12..17)
            .label("not a key of a scenario")
            .suggest("levle", ["level", "title"])
            .render(&source, DiagnosticLook::PLAIN);
        assert!(text.contains("a.toml:2:1"), "{text}");
        assert!(text.contains("^^^^^ not a key of a scenario"), "{text}");
        assert!(text.contains("did you mean `level`?"), "{text}");
    }

    #[test]
    fn what_a_server_says_cannot_move_the_cursor_nor_begin_a_line() {
        let source = Source { path: "a.toml".into(), text: "title = \"x\"\n".into() };
        let said = "\u{1b}[2J\r\n::error::not ours";
        let diagnostic = Diagnostic::error(said, 0..5).label(said).note(said);
        let text = diagnostic.render(&source, DiagnosticLook::PLAIN);
        assert!(!text.contains('\u{1b}') && !text.contains('\r'), "{text:?}");
        assert!(text.lines().all(|line| !line.trim_start().starts_with("::")), "{text}");
    }
}
