//! One thing that can be explained.

use std::fmt;

use crate::paragraph::{advice, command, hanging_advice};

/// What sort of thing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// A way in which the provider misbehaves.
    Quirk,
    /// A product that the provider can imitate.
    Profile,
    /// A step of a scenario.
    Step,
    /// A key of a scenario file.
    Key,
    /// How strongly a requirement asks.
    Level,
    /// How bad a problem is.
    Severity,
    /// A tag of tests.
    Tag,
    /// A flag of the command line.
    Flag,
    /// Something that a scenario expects to see.
    Expectation,
    /// Something that a value must pass.
    Matcher,
    /// A name in braces.
    Placeholder,
    /// A setting of the server.
    Setting,
    /// In what honest providers differ.
    ProviderSetting,
    /// A bug that can be planted in the reference server.
    Defect,
    /// A clause that scenarios cite.
    Requirement,
    /// A row of a list that scenarios stand for, such as a field failure.
    Row,
    /// What can come of a test.
    Result,
    /// How the program ends.
    ExitCode,
    /// A scenario.
    Scenario,
    /// A sentence about what a server does wrong.
    Problem,
    /// A check of the doctor.
    Check,
    /// A cause that a check of the doctor names.
    Cause,
    /// A claim of a token or of `UserInfo`.
    Claim,
    /// A word of the specifications or of this program.
    Term,
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Quirk => "quirk",
            Self::Profile => "profile",
            Self::Step => "step",
            Self::Key => "key",
            Self::Level => "level",
            Self::Severity => "severity",
            Self::Tag => "tag",
            Self::Flag => "flag",
            Self::Expectation => "expectation",
            Self::Matcher => "matcher",
            Self::Placeholder => "placeholder",
            Self::Setting => "setting",
            Self::ProviderSetting => "provider setting",
            Self::Defect => "defect",
            Self::Requirement => "requirement",
            Self::Row => "row of a list",
            Self::Result => "result",
            Self::ExitCode => "exit code",
            Self::Scenario => "scenario",
            Self::Problem => "problem",
            Self::Check => "check of the doctor",
            Self::Cause => "cause that the doctor names",
            Self::Claim => "claim",
            Self::Term => "term",
        })
    }
}

/// One thing that can be explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What sort of thing it is.
    pub kind: Category,
    /// How people call it.
    pub name: String,
    /// What it is, in sentences.
    pub text: String,
    /// What else a reader wants to know.
    pub facts: Vec<HeadedText>,
}

/// What else a reader wants to know of a thing, under its heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadedText {
    /// The heading.
    pub heading: &'static str,
    /// One or more lines.
    pub text: String,
    layout: LineLayout,
}

/// How the lines of a fact are laid out on a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineLayout {
    /// Broken between words.
    Prose,
    /// Broken as a shell allows it.
    Command,
    /// As they stand.
    File,
}

impl Explanation {
    /// One that has no facts yet.
    pub fn new(kind: Category, name: impl Into<String>, text: impl Into<String>) -> Self {
        // Doc comments are broken into lines.
        Self { kind, name: name.into(), text: text.into().replace('\n', " "), facts: Vec::new() }
    }

    /// Adds a fact, unless there is nothing to say.
    #[must_use]
    pub fn fact(self, heading: &'static str, text: impl Into<String>) -> Self {
        self.with(heading, text.into(), LineLayout::Prose)
    }

    /// Adds a command to type.
    #[must_use]
    pub fn command(self, heading: &'static str, text: impl Into<String>) -> Self {
        self.with(heading, text.into(), LineLayout::Command)
    }

    /// Adds the text of a file.
    #[must_use]
    pub fn file(self, heading: &'static str, text: impl Into<String>) -> Self {
        self.with(heading, text.into(), LineLayout::File)
    }

    fn with(mut self, heading: &'static str, text: String, layout: LineLayout) -> Self {
        if !text.is_empty() {
            self.facts.push(HeadedText { heading, text, layout });
        }
        self
    }
}

impl HeadedText {
    /// Returns its lines on a terminal; the heading takes so many columns. Where it
    /// has several, each hangs.
    fn lines(&self, width: usize) -> Vec<String> {
        let prose = if self.text.contains('\n') { hanging_advice } else { advice };
        let line = |(index, line): (usize, &str)| {
            let heading = if index == 0 { self.heading } else { "" };
            let first = format!("  {heading:width$}  ");
            let text = line.trim_start();
            let lead = &line[..line.len() - text.len()];
            match self.layout {
                LineLayout::Prose => prose(&format!("{first}{lead}"), text),
                LineLayout::Command => command(&first, line),
                LineLayout::File => vec![first + line],
            }
        };
        self.text.lines().enumerate().flat_map(line).collect()
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} ({})\n", self.name, self.kind)?;
        let width = self.facts.iter().map(|fact| fact.heading.len()).max().unwrap_or_default();
        let gap = self.facts.iter().take(1).map(|_| String::new());
        let facts = self.facts.iter().flat_map(|fact| fact.lines(width));
        for line in advice("  ", &self.text).into_iter().chain(gap).chain(facts) {
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}
