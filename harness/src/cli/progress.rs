//! How far a run is: a bar on a terminal, and now and then a plain line
//! elsewhere, as in CI. Both go to standard error, so that results can be
//! piped.

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::output::{complain, print};
use crate::escape::terminal;
use crate::report::CaseReport;

/// How far a run is, and which tests play now.
pub(super) struct Progress {
    way: ShownProgress,
    playing: Mutex<BTreeSet<String>>,
}

/// How that is said.
enum ShownProgress {
    /// It is not said; what there is to say of a test is, all the same.
    Unsaid,
    /// In lines.
    Lines(Instant, Mutex<Lines>),
    /// On a terminal.
    Bar(ProgressBar),
}

/// The longest silence for a reader of lines.
const SILENCE: Duration = Duration::from_secs(10);

/// What was said in lines so far.
#[derive(Debug)]
pub(super) struct Lines {
    tests: u32,
    done: u32,
    red: u32,
    /// When the last one was said.
    last: Duration,
}

impl Lines {
    fn of(tests: usize) -> Self {
        Self { tests: u32::try_from(tests).unwrap_or(u32::MAX), done: 0, red: 0, last: Duration::ZERO }
    }

    /// A test is done, so long after the start, of so many that play at once; the
    /// line that is due then.
    fn test(&mut self, is_red: bool, since: Duration, at_once: usize) -> Option<String> {
        self.done += 1;
        self.red += u32::from(is_red);
        if since.saturating_sub(self.last) < SILENCE || self.done >= self.tests {
            return None;
        }
        self.last = since;
        let left = (since / self.done * (self.tests - self.done)).as_secs().max(1);
        let at_once = if at_once > 1 { format!("{at_once} at a time, ") } else { String::new() };
        let Self { tests, done, red, .. } = self;
        Some(format!("{done} of {tests} tests, {red} red, {at_once}about {left} s left"))
    }
}

impl ShownProgress {
    fn of(tests: usize, shown: bool, start: Instant) -> Self {
        if !shown {
            return Self::Unsaid;
        }
        // Some CI services give a terminal that keeps every line.
        let is_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
        if is_ci || !std::io::stderr().is_terminal() {
            return Self::Lines(start, Mutex::new(Lines::of(tests)));
        }
        let bar = ProgressBar::new(tests as u64);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len}  {eta} left  {wide_msg}") {
            bar.set_style(style);
        }
        Self::Bar(bar)
    }
}

impl Progress {
    /// Of so many tests.
    pub(super) fn of(tests: usize, shown: bool, start: Instant) -> Self {
        Self { way: ShownProgress::of(tests, shown, start), playing: Mutex::default() }
    }

    /// A test begins, or its control does.
    pub(super) fn begin(&self, test: &str) {
        self.playing().insert(test.to_owned());
    }

    /// A test waits to be played again.
    pub(super) fn set_aside(&self, test: &str) {
        self.playing().remove(test);
    }

    fn playing(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.playing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A test is done; `text` is what there is to say of it.
    pub(super) fn test(&self, report: &CaseReport, strict: bool, text: &str) {
        let at_once = {
            let mut playing = self.playing();
            let at_once = playing.len();
            playing.remove(&report.test_name());
            at_once
        };
        match &self.way {
            ShownProgress::Unsaid => print(text),
            ShownProgress::Lines(start, lines) => {
                print(text);
                let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(line) = lines.test(report.result.outcome.is_red(strict), start.elapsed(), at_once) {
                    complain(&line);
                }
            }
            ShownProgress::Bar(bar) => {
                let name = terminal(&report.test_name());
                bar.set_message(if at_once > 1 { format!("{at_once} at a time  {name}") } else { name });
                bar.inc(1);
                if !text.is_empty() {
                    bar.suspend(|| print(text));
                }
            }
        }
    }

    /// Nothing more to come.
    pub(super) fn end(&self) {
        if let ShownProgress::Bar(bar) = &self.way {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_now_and_then_and_never_last() {
        let mut lines = Lines::of(100);
        let mut said = Vec::new();
        for test in 1..=100 {
            let line = lines.test(test % 30 == 0, Duration::from_millis(250) * test, if test < 60 { 1 } else { 16 });
            said.extend(line);
        }
        assert_eq!(
            said,
            ["40 of 100 tests, 1 red, about 15 s left", "80 of 100 tests, 2 red, 16 at a time, about 5 s left"]
        );
        assert_eq!(Lines::of(1).test(false, Duration::from_secs(60), 1), None);
    }

    #[test]
    fn a_test_that_waits_to_be_played_again_does_not_play() {
        let progress = Progress::of(3, false, Instant::now());
        progress.begin("one");
        progress.begin("other");
        progress.set_aside("one");
        assert_eq!(*progress.playing(), BTreeSet::from(["other".to_owned()]));
    }
}
