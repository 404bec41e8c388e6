//! What is printed while a run lasts: a line for the first failed test of each
//! problem, until there are too many to read.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::escape::terminal;
use crate::paragraph::{WIDTH, clipped};
use crate::report::format::{Detail, Style};
use crate::report::problem::SignInsSoFar;
use crate::report::{CaseReport, Outcome, Report};

/// So many problems have a line of their own.
const LINES: usize = 8;

/// Shows tests as they are judged.
#[derive(Debug)]
pub struct Live {
    style: Style,
    strict: bool,
    /// What the lines so far say.
    shown: Mutex<BTreeSet<String>>,
    sign_ins: Mutex<SignInsSoFar>,
}

impl Live {
    /// Nothing has been shown yet. `strict` says that findings make a run red.
    pub fn new(style: Style, strict: bool) -> Self {
        Self { style, strict, shown: Mutex::default(), sign_ins: Mutex::default() }
    }

    /// Notes that the honest sign-in before the tests succeeded.
    pub fn note_sign_in(&self) {
        self.sign_ins.lock().unwrap_or_else(PoisonError::into_inner).note_success();
    }

    /// Returns the line for a test; empty for one that did not fail or says what
    /// another one said, unless every test is wanted, and after a number of lines.
    pub fn case(&self, case: &CaseReport) -> String {
        let mut sign_ins = self.sign_ins.lock().unwrap_or_else(PoisonError::into_inner);
        sign_ins.note(case);
        let said = said(case, &sign_ins);
        match self.style.detail {
            Detail::Quiet => String::new(),
            Detail::Verbose => line(case, &said, self.style),
            Detail::Usual if !is_shown(case, self.strict) => String::new(),
            Detail::Usual => {
                let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
                match shown.len() {
                    _ if !shown.insert(said.clone()) => String::new(),
                    before if before < LINES => line(case, &said, self.style),
                    LINES => "The summary has further problems.\n".to_owned(),
                    _ => String::new(),
                }
            }
        }
    }
}

/// A blocked test has no line: the end says once why many are.
fn is_shown(case: &CaseReport, strict: bool) -> bool {
    let outcome = case.result.outcome;
    outcome == Outcome::Finding || outcome.is_red(strict) && outcome != Outcome::Blocked
}

/// How many lines a run had at most while it lasted.
pub(super) fn live_lines(report: &Report) -> usize {
    report.results.iter().filter(|case| is_shown(case, report.strict)).count().min(LINES + 1)
}

/// What a line says of a test.
fn said(case: &CaseReport, sign_ins: &SignInsSoFar) -> String {
    match case.result.outcome {
        Outcome::Failed | Outcome::Finding => sign_ins.problem(case).sentence,
        Outcome::Passed => String::new(),
        _ => case.found(),
    }
}

fn line(case: &CaseReport, said: &str, style: Style) -> String {
    let outcome = case.result.outcome;
    let name = outcome.name();
    let full_name = case.test_name();
    // The end says which tests show a problem.
    let is_of_a_problem = matches!(outcome, Outcome::Failed | Outcome::Finding) && style.detail == Detail::Usual;
    let text =
        terminal(&if is_of_a_problem { format!("{said} ({full_name})") } else { format!("{full_name}  {said}") });
    let width = if style.is_terminal { WIDTH - 16 } else { usize::MAX };
    let text = clipped(text.trim_end(), width);
    let code = match outcome {
        Outcome::Passed => 32,
        Outcome::Known | Outcome::Finding | Outcome::NotExercised => 33,
        Outcome::Skipped => 90,
        _ => 31,
    };
    let (start, end) = if style.colour { (format!("\u{1b}[{code}m"), "\u{1b}[0m") } else { (String::new(), "") };
    format!("{start}{name:>15}{end} {text}\n")
}
