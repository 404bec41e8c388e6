//! What to type next where a test is not as it should be: the command that
//! runs just this one again, and the one that explains its requirement.

use super::result::Outcome;
use super::shape::{CaseReport, Report, TargetReport};
use crate::invocation::{Address, quoted};

/// What to type next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Again {
    run: String,
    explain: String,
}

impl Again {
    /// For a test of the file at `path`, which has this text, against the
    /// target that `flags` name. Nothing where there is no such test.
    pub(super) fn of(case: &CaseReport, (path, text): (&str, &str), flags: &str) -> Option<Self> {
        if case.result.outcome == Outcome::StaleEntry {
            return None;
        }
        let address = Address::of(&case.scenario, path, text);
        Some(Self { run: format!("{}{flags}", address.run(case.case.as_deref())), explain: address.explain(None) })
    }

    /// The same from a report.
    pub(super) fn in_report(report: &Report, case: &CaseReport) -> Option<Self> {
        let source = report.sources.get(&case.scenario)?;
        Self::of(case, (&source.path, &source.text), &report.flags())
    }

    /// Runs it and writes down all that goes over the wire.
    pub(super) fn run(&self) -> String {
        format!("{} --report html=again.html", self.run)
    }

    /// Returns both commands, one a line, for plain text.
    pub(super) fn lines(&self) -> [String; 2] {
        [
            format!("to run it again, with every request: {}", self.run()),
            format!("to read what requires it: {}", self.explain),
        ]
    }
}

impl Report {
    /// The flags that repeat this judgement, as a shell takes them and
    /// each with a blank before it.
    pub fn flags(&self) -> String {
        let target = self.target.as_ref().filter(|_| self.flags.is_empty());
        target.map_or_else(|| flags_of(&self.flags), TargetReport::flags)
    }
}

impl TargetReport {
    /// Returns the flags of a run without a command line.
    fn flags(&self) -> String {
        if self.url == "reference" {
            return self.defects.iter().map(|defect| format!(" --defect {}", quoted(defect))).collect();
        }
        format!(" --target {} --api-key-file FILE", quoted(&self.url))
    }
}

/// Words as a shell takes them, each with a blank before it.
pub fn flags_of(words: &[String]) -> String {
    words.iter().map(|word| format!(" {}", quoted(word))).collect()
}
