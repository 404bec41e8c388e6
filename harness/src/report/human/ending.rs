//! The report for people, on a terminal. Text in, text out.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use super::format::{Detail, Format, FormatError, Style};
use super::rerun::Again;
use super::result::Outcome;
use super::shape::{CaseReport, Report, SourceReport};
use crate::diagnostic::Source;
use crate::escape::terminal;
use crate::plural::counted;

pub(super) static HUMAN: Format =
    Format { name: "human", text: "for people, as it comes", render: human, after_live: Some(after_live) };

#[expect(clippy::unnecessary_wraps, reason = "formats are written alike")]
fn human(report: &Report, style: Style) -> Result<String, FormatError> {
    let human = Human::of(report, style);
    Ok(report.results.iter().map(|case| human.case(case)).collect::<String>() + &human.summary(report))
}

fn after_live(report: &Report, style: Style) -> String {
    Human::of(report, style).summary(report)
}

/// Shows results as they come, and at the end.
#[derive(Debug)]
pub struct Human {
    style: Style,
    strict: bool,
    sources: HashMap<String, Arc<Source>>,
    /// The flags by which the target is judged again.
    flags: String,
}

impl Human {
    /// `sources` are the scenario files by name, to point into; `flags` those
    /// by which the same is judged again, see [`super::flags_of`].
    pub fn new(style: Style, strict: bool, sources: HashMap<String, Arc<Source>>, flags: String) -> Self {
        Self { style, strict, sources, flags }
    }

    fn of(report: &Report, style: Style) -> Self {
        let source = |(name, source): (&String, &SourceReport)| {
            (name.clone(), Arc::new(Source { path: source.path.clone().into(), text: source.text.clone() }))
        };
        Self::new(style, report.strict, report.sources.iter().map(source).collect(), report.flags())
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
        match self.style.detail {
            Detail::Quiet => return String::new(),
            Detail::Usual if outcome == Outcome::Passed => return String::new(),
            Detail::Usual | Detail::Verbose => {}
        }
        let mut text = format!("{}  {}", self.paint(outcome), terminal(&report.test_name()));
        if let Some(reason) = &report.result.reason {
            let _ = write!(text, "  ({})", terminal(reason));
        }
        text.push('\n');
        if outcome.is_red(self.strict) || outcome == Outcome::Finding {
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
                None => text.push_str(&terminal(&diagnostic.message)),
            }
            text.push_str("\n\n");
        }
        let place = source.map(|source| (source.path.display().to_string(), source.text.as_str()));
        if let Some(again) = place.and_then(|(path, text)| Again::of(report, (&path, text), &self.flags)) {
            let _ = writeln!(text, "{}\n", again.lines().map(|line| terminal(&line)).join("\n"));
        }
        text
    }

    /// The whole run, at its end.
    pub fn summary(&self, report: &Report) -> String {
        let mut text = String::new();
        let target = report.target.as_ref();
        let target = target.map(|target| terminal(&format!("{} (version {})", target.url, target.version)));
        let target = target.unwrap_or_default();
        let counts = report.counts.listed();
        let red: Vec<&CaseReport> =
            report.results.iter().filter(|case| case.result.outcome.is_red(self.strict)).collect();
        if !red.is_empty() {
            text.push_str("\nnot as it should be:\n");
            for case in red {
                // Where the baseline is out of date, what to do about it; where
                // the server does something else than is known, what.
                let said = match (case.result.outcome, &case.result.reason) {
                    (Outcome::UnexpectedPass | Outcome::StaleEntry, _) => case.found(),
                    (Outcome::Failed | Outcome::Finding, Some(reason)) => format!("{}: {reason}", case.title),
                    _ => case.title.clone(),
                };
                let (name, said) = (terminal(&case.test_name()), terminal(&said));
                let _ = writeln!(text, "{}  {name}  {said}", self.paint(case.result.outcome));
            }
        }
        let tests = counted(report.results.len(), "test", "tests");
        let _ = writeln!(text, "\n{tests} against {target}: {}", counts.join(", "));
        if let Some(notice) = report.notice() {
            let _ = writeln!(text, "{}", terminal(&notice));
        }
        if let Some(baseline) = &report.baseline {
            let _ = writeln!(text, "baseline: {}", terminal(baseline));
        }
        if let Some(unmeasured) = &report.unmeasured {
            let _ = writeln!(text, "{}", terminal(unmeasured));
        }
        let _ = writeln!(text, "{} s, seed {}", report.seconds(), report.seed);
        text
    }
}
