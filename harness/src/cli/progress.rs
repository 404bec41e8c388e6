//! How far a run is, on a terminal; nothing elsewhere.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

use super::output::print;
use crate::report::CaseReport;

/// How far a run is. Goes to standard error, so that results can be piped.
pub(super) struct Progress(Option<ProgressBar>);

impl Progress {
    /// Of so many tests.
    pub(super) fn of(tests: usize, shown: bool) -> Self {
        if !shown || !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::new(tests as u64);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {eta} {msg}") {
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
