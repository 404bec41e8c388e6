//! What is printed while a run lasts: a line for a failed test, until there are
//! too many to read.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::escape::terminal;
use crate::paragraph::{WIDTH, clipped};
use crate::report::format::{Detail, Style};
use crate::report::problem::SignInsSoFar;
use crate::report::{CaseReport, Outcome, Report};

/// So many failed tests have a line of their own.
const LINES: usize = 8;

/// Shows tests as they are judged.
#[derive(Debug)]
pub struct Live {
    style: Style,
    strict: bool,
    shown: AtomicUsize,
    sign_ins: Mutex<SignInsSoFar>,
}

impl Live {
    /// Nothing has been shown yet. `strict` says that findings make a run red.
    pub fn new(style: Style, strict: bool) -> Self {
        Self { style, strict, shown: AtomicUsize::new(0), sign_ins: Mutex::default() }
    }

    /// Notes that the honest sign-in before the tests succeeded.
    pub fn note_sign_in(&self) {
        self.sign_ins.lock().unwrap_or_else(PoisonError::into_inner).note_success();
    }

    /// Returns the line for a test; empty for one that did not fail, unless
    /// every test is wanted, and after a number of failed ones.
    pub fn case(&self, case: &CaseReport) -> String {
        let mut sign_ins = self.sign_ins.lock().unwrap_or_else(PoisonError::into_inner);
        sign_ins.note(case);
        let line = || line(case, &sign_ins, self.style) + "\n";
        match self.style.detail {
            Detail::Quiet => String::new(),
            Detail::Verbose => line(),
            Detail::Usual if !is_shown(case, self.strict) => String::new(),
            Detail::Usual => match self.shown.fetch_add(1, Ordering::Relaxed) {
                shown if shown < LINES => line(),
                LINES => "The summary counts further red tests.\n".to_owned(),
                _ => String::new(),
            },
        }
    }
}

/// A blocked test has no line: the end says once why many are.
fn is_shown(case: &CaseReport, strict: bool) -> bool {
    let outcome = case.result.outcome;
    outcome == Outcome::Finding || outcome.is_red(strict) && outcome != Outcome::Blocked
}

/// How many lines a run had while it lasted.
pub(super) fn live_lines(report: &Report) -> usize {
    report.results.iter().filter(|case| is_shown(case, report.strict)).count().min(LINES + 1)
}

fn line(case: &CaseReport, sign_ins: &SignInsSoFar, style: Style) -> String {
    let outcome = case.result.outcome;
    let said = match outcome {
        Outcome::Failed | Outcome::Finding => sign_ins.problem(case).sentence,
        Outcome::Passed => String::new(),
        _ => case.found(),
    };
    let name = outcome.name();
    let text = terminal(&format!("{}  {said}", case.test_name()));
    let width = if style.is_terminal { WIDTH - 16 } else { usize::MAX };
    let text = clipped(text.trim_end(), width);
    let code = match outcome {
        Outcome::Passed => 32,
        Outcome::Known | Outcome::Finding | Outcome::NotExercised => 33,
        Outcome::Skipped => 90,
        _ => 31,
    };
    let (start, end) = if style.colour { (format!("\u{1b}[{code}m"), "\u{1b}[0m") } else { (String::new(), "") };
    format!("{start}{name:>15}{end} {text}")
}
