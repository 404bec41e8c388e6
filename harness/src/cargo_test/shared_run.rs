//! The one run that all tests of a process share. It plays in a thread of its
//! own; each test waits for its result.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::test_result::doubted;
use crate::cli::{left, tell_of_preparation};
use crate::diagnostic::Source;
use crate::report::{CaseReport, Report, SignInsSoFar, failed_test, flags_of};
use crate::runner::{Ended, Event, Run, RunError};
use crate::scenario::Catalogue;

/// A run that has begun.
#[derive(Debug)]
pub(super) struct SharedRun {
    run: Run,
    flags: String,
    seen: Mutex<SeenResults>,
    news: Condvar,
}

/// What came of the run so far.
#[derive(Debug, Default)]
struct SeenResults {
    reports: HashMap<String, CaseReport>,
    sign_ins: SignInsSoFar,
    /// By the sentence of each problem the test that tells it whole.
    told: HashMap<String, String>,
    ended: Option<Result<Report, String>>,
}

impl SharedRun {
    /// Begins to play these scenarios. `flags` are those by which
    /// `oidc-harness run` judges the same.
    pub(super) fn start(run: Run, flags: &[String], chosen: Catalogue) -> Arc<Self> {
        let shared = Arc::new(Self { run, flags: flags_of(flags), seen: Mutex::default(), news: Condvar::new() });
        if shared.run.is_sound() {
            shared.note(|seen| seen.sign_ins.note_success());
        }
        let player = Arc::clone(&shared);
        std::thread::spawn(move || player.play(chosen));
        shared
    }

    /// Whether findings make a test red.
    pub(super) fn strict(&self) -> bool {
        self.run.strict
    }

    fn play(&self, chosen: Catalogue) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let played = runtime.map_err(|error| error.to_string()).and_then(|runtime| {
            let observe = |event: &Event| match event {
                Event::Judged(test) => self.note(|seen| {
                    seen.sign_ins.note(&test.report);
                    seen.reports.insert(test.report.test_name(), test.report.clone());
                }),
                Event::SignInWorks => self.note(|seen| seen.sign_ins.note_success()),
                event => tell_of_preparation(event),
            };
            let ended = runtime.block_on(self.run.play(chosen, observe));
            ended.map_err(|error| self.explained(&error)).and_then(|Ended { report, fault, .. }| match fault {
                Some(fault) => Err(self.explained(&fault)),
                None => Ok(report),
            })
        });
        self.note(|seen| seen.ended = Some(played));
    }

    /// Why the run did not end well, what to do about it, and what it left at the
    /// server.
    fn explained(&self, error: &RunError) -> String {
        let help = error.help().map(|help| format!("\nhelp: {help}"));
        let left = left(&self.run, error).map(|left| format!("\nleft: {left}"));
        format!("{error}{}{}", help.unwrap_or_default(), left.unwrap_or_default())
    }

    fn note(&self, change: impl FnOnce(&mut SeenResults)) {
        change(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        self.news.notify_all();
    }

    /// Waits until `look` finds something.
    fn wait<T>(&self, look: impl Fn(&SeenResults) -> Option<T>) -> T {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(found) = look(&seen) {
                return found;
            }
            seen = self.news.wait(seen).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Returns what a red test says: its problem in a block; or in a line, if
    /// another test of the run shows the same problem and has the block.
    pub(super) fn failure(&self, case: &CaseReport, source: &Source) -> String {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let SeenResults { sign_ins, told, .. } = &mut *seen;
        let problem = sign_ins.problem(case);
        let test = case.test_name();
        let teller = told.entry(problem.sentence.clone()).or_insert_with(|| test.clone());
        if *teller == test {
            return failed_test(&problem, source, &self.flags);
        }
        format!("{}: see the test {teller}, which shows the same problem", problem.sentence)
    }

    /// Waits for the result of one test; an error if the run ends without it.
    pub(super) fn result_of(&self, name: &str) -> Result<CaseReport, String> {
        self.wait(|seen| match (seen.reports.get(name), &seen.ended) {
            (Some(report), _) => Some(Ok(report.clone())),
            (None, Some(Err(error))) => Some(Err(error.clone())),
            (None, Some(Ok(_))) => Some(Err("the run ended before this test".to_owned())),
            (None, None) => None,
        })
    }

    /// Waits for the end of the run, when the server is as it was; an error if
    /// it is not.
    pub(super) fn end(&self) -> Result<Report, String> {
        self.wait(|seen| seen.ended.clone())
    }

    /// Waits for the end of the run, and returns what no test said: why it did
    /// not end well, and which tests are red after they were not.
    pub(super) fn complaint(&self) -> Option<String> {
        let report = match self.end() {
            Ok(report) => report,
            Err(error) => return Some(error),
        };
        let doubted = self.wait(|seen| Some(doubted(&seen.reports, &report)));
        (!doubted.is_empty()).then(|| {
            format!("these tests passed at first, but later steps of the run made them red:\n{}", doubted.join("\n"))
        })
    }
}
