//! One thing that can be explained.

use std::fmt;

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
    /// What else one wants to know, under its heading.
    pub facts: Vec<(&'static str, String)>,
}

impl Explanation {
    /// One that has no facts yet.
    pub fn new(kind: Category, name: impl Into<String>, text: impl Into<String>) -> Self {
        // Doc comments are broken into lines.
        Self { kind, name: name.into(), text: text.into().replace('\n', " "), facts: Vec::new() }
    }

    /// Adds a fact, unless there is nothing to say.
    #[must_use]
    pub fn fact(mut self, heading: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.facts.push((heading, text));
        }
        self
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} ({})\n\n  {}", self.name, self.kind, self.text)?;
        let width = self.facts.iter().map(|(heading, _)| heading.len()).max().unwrap_or_default();
        for (index, (heading, text)) in self.facts.iter().enumerate() {
            let gap = if index == 0 { "\n" } else { "" };
            for (index, line) in text.lines().enumerate() {
                let (gap, heading) = if index == 0 { (gap, *heading) } else { ("", "") };
                writeln!(f, "{}", format!("{gap}  {heading:width$}  {line}").trim_end())?;
            }
        }
        Ok(())
    }
}
