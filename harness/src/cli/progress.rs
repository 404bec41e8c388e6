//! How far a run is, on a terminal; elsewhere, as in CI, plain lines.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

use super::output::print;
use crate::report::CaseReport;

/// How far a run is. Goes to standard error, so that results can be piped.
pub(super) struct Progress(Option<ProgressBar>);

impl Progress {
    /// Of so many tests.
    pub(super) fn of(tests: usize, shown: bool) -> Self {
        // Some CI services give a terminal that keeps every line.
        let is_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
        if !shown || is_ci || !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::new(tests as u64);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len}  {eta} left  {wide_msg}") {
            bar.set_style(style);
        }
        Self(Some(bar))
    }

    /// A test is done; `text` is what there is to say of it.
    pub(super) fn test(&self, report: &CaseReport, text: &str) {
        let Some(bar) = &self.0 else {
            print(text);
            return;
        };
        bar.set_message(report.test_name());
        bar.inc(1);
        if !text.is_empty() {
            bar.suspend(|| print(text));
        }
    }

    /// Nothing more to come.
    pub(super) fn end(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
