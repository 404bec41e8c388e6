//! The report for people, on a terminal. Text in, text out.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use super::outcome::Outcome;
use super::record::{CaseReport, Report};
use crate::diagnostic::Source;

/// How text is dressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether in colour.
    pub colour: bool,
    /// Whether passing tests are named, too.
    pub verbose: bool,
    /// Whether findings are red.
    pub strict: bool,
}

/// Shows results as they come, and at the end.
#[derive(Debug)]
pub struct Human {
    style: Style,
    sources: HashMap<String, Arc<Source>>,
}

impl Human {
    /// `sources` are the scenario files by name, to point into.
    pub fn new(style: Style, sources: HashMap<String, Arc<Source>>) -> Self {
        Self { style, sources }
    }

    fn paint(&self, outcome: Outcome) -> String {
        let name = format!("{:>15}", outcome.name());
        if !self.style.colour {
            return name;
        }
        let code = match outcome {
            Outcome::Passed => 32,
            Outcome::Known | Outcome::Finding | Outcome::NotExercised => 33,
            Outcome::Skipped => 90,
            _ => 31,
        };
        format!("\u{1b}[{code}m{name}\u{1b}[0m")
    }

    /// One test, when it is done. Nothing for one that passed, unless wanted.
    pub fn case(&self, report: &CaseReport) -> String {
        let outcome = report.result.outcome;
        if outcome == Outcome::Passed && !self.style.verbose {
            return String::new();
        }
        let mut text = format!("{}  {}", self.paint(outcome), report.test_name());
        if let Some(reason) = &report.result.reason {
            let _ = write!(text, "  ({reason})");
        }
        text.push('\n');
        if outcome.is_red(self.style.strict) || outcome == Outcome::Finding {
            text.push_str(&self.details(report));
        }
        text
    }

    fn details(&self, report: &CaseReport) -> String {
        let source = self.sources.get(&report.scenario);
        let mut text = String::new();
        for diagnostic in &report.diagnostics {
            match source {
                Some(source) => text.push_str(&diagnostic.render(source, self.style.colour)),
                None => text.push_str(&diagnostic.message),
            }
            text.push_str("\n\n");
        }
        text
    }

    /// The whole run, at its end.
    pub fn summary(&self, report: &Report) -> String {
        let mut text = String::new();
        let target = report.target.as_ref();
        let target = target.map_or_else(String::new, |target| format!("{} (version {})", target.url, target.version));
        let counts: Vec<String> = Outcome::ALL
            .iter()
            .filter(|outcome| report.counts.get(**outcome) > 0)
            .map(|outcome| format!("{} {}", report.counts.get(*outcome), outcome.name()))
            .collect();
        let red: Vec<&CaseReport> =
            report.results.iter().filter(|case| case.result.outcome.is_red(self.style.strict)).collect();
        if !red.is_empty() {
            text.push_str("\nnot as it should be:\n");
            for case in red {
                let _ = writeln!(text, "{}  {}  {}", self.paint(case.result.outcome), case.test_name(), case.title);
            }
        }
        let tests = if report.results.len() == 1 { "test" } else { "tests" };
        let _ = writeln!(text, "\n{} {tests} against {target}: {}", report.results.len(), counts.join(", "));
        if let Some(baseline) = &report.baseline {
            let _ = writeln!(text, "baseline: {baseline}");
        }
        let _ =
            writeln!(text, "{}.{:03} s, seed {}", report.milliseconds / 1000, report.milliseconds % 1000, report.seed);
        text
    }
}
