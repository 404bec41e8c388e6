//! The work of one worker: takes tests from the queue, and plays them side by
//! side or alone.
//!
//! A test that played beside others counts if its result is certain
//! ([`super::certainty`]). Any other is played again alone, before tests with other
//! settings.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Instant;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::Mutex;

use super::certainty::is_certain;
use super::event::Event;
use super::payoff::Payoff;
use super::results::{JudgedTest, StandingSettings};
use super::settings_group::SettingsGroup;
use super::width::Width;
use super::worker::Worker;
use crate::baseline::Baseline;
use crate::guard::{Restored, Session, StepFault};
use crate::immich::Access;
use crate::report::{CaseReport, CaseResult, Fault, Outcome};
use crate::scenario::{Case, Scenario};

/// A test that is still to be played.
#[derive(Debug, Clone)]
pub(super) struct PlannedTest {
    pub(super) scenario: Arc<Scenario>,
    /// Which of its cases.
    pub(super) case: Option<String>,
    /// What settings it wants.
    pub(super) group: Arc<SettingsGroup>,
    /// Whether it can be played beside others.
    pub(super) is_beside: bool,
    /// Whether its control is to be played, in the settings of others.
    pub(super) is_control: bool,
    /// Whether no other test has its turn.
    pub(super) has_own_turn: bool,
    /// Its place in the order of tests.
    pub(super) place: usize,
}

impl PlannedTest {
    /// Reads what it plays.
    fn read(&self) -> Option<Case> {
        self.scenario.case(self.case.as_deref())
    }

    /// The report of a test that cannot be read again, though it could before.
    fn unread(&self) -> CaseReport {
        let reason = Some("the harness cannot read the test again, although it read it before".to_owned());
        let result = CaseResult { outcome: Outcome::Error, reason, fault: Some(Fault::Harness), needs: None };
        CaseReport { result, ..CaseReport::named(&self.scenario.name, self.case.clone()) }
    }
}

/// The tests that are still to be played, in their order.
pub(super) type Queue = Arc<Mutex<VecDeque<PlannedTest>>>;

/// One worker and what it works by.
pub(super) struct Work {
    pub(super) number: usize,
    pub(super) worker: Worker,
    pub(super) queue: Queue,
    pub(super) baseline: Option<Arc<Baseline>>,
    pub(super) width: Width,
    pub(super) payoff: Payoff,
}

/// Tests that play at the same time, and those of them that are to be played again, alone,
/// before others begin.
struct Round<F> {
    playing: FuturesUnordered<F>,
    repeated: VecDeque<PlannedTest>,
    /// The settings of the last one.
    group: Option<Arc<SettingsGroup>>,
    since: Instant,
    /// How many have ended.
    played: u32,
}

impl<F> Round<F> {
    fn new() -> Self {
        Self {
            playing: FuturesUnordered::new(),
            repeated: VecDeque::new(),
            group: None,
            since: Instant::now(),
            played: 0,
        }
    }
}

impl Work {
    /// Plays until no test is left. Returns what was restored.
    pub(super) async fn until_done(mut self) -> Result<Restored, StepFault> {
        // Where the settings stay, so does the path of all issuers. A change of a
        // file may restart the server, while others still look at it.
        if !self.worker.session().is_some_and(|session| matches!(session.access(), Access::Api)) {
            self.width = Width::new(Some(NonZeroUsize::MIN));
        }
        let mut round = Round::new();
        loop {
            // All of them have ended before the first one is played again.
            let is_full =
                self.payoff.is_full(round.repeated.len()) || round.playing.is_empty() && !round.repeated.is_empty();
            while !is_full
                && round.playing.len() < self.width.at_once()
                && let Some(test) = self.next_beside(round.group.as_ref().filter(|_| !round.repeated.is_empty())).await
                && let Some(worker) = self.worker.beside(Some(test.place))
            {
                if round.playing.is_empty() {
                    (round.since, round.played) = (Instant::now(), 0);
                }
                round.group = Some(Arc::clone(&test.group));
                round.playing.push(played_beside(test, worker, self.baseline.clone()));
            }
            if let Some((test, worker, report)) = round.playing.next().await {
                round.played += u32::from(report.as_ref().is_some_and(is_played));
                round.repeated.extend(self.count(test, worker, report));
                if round.playing.is_empty() {
                    self.payoff.note_beside(round.played, round.since.elapsed(), round.repeated.len());
                }
                self.is_over().await;
                continue;
            }
            let repeated = round.repeated.pop_front();
            let is_last = repeated.is_some() && round.repeated.is_empty();
            let next = match repeated {
                Some(test) => Some(test),
                None => self.queue.lock().await.pop_front(),
            };
            let Some(test) = next else { break };
            if self.is_over().await || !self.play_alone(&test).await {
                break;
            }
            if is_last {
                self.payoff.judge();
            }
        }
        let end = self.worker.end();
        let restored = self.worker.finish().await;
        match end {
            // Each further test would wait as long, and say nothing.
            Some(end) => restored.and(Err(end.into())),
            None => restored,
        }
    }

    /// Takes the next test if it can be played beside others; with a `group`,
    /// only if it is of that.
    async fn next_beside(&self, group: Option<&Arc<SettingsGroup>>) -> Option<PlannedTest> {
        let mut queue = self.queue.lock().await;
        let is_next = |test: &PlannedTest| test.is_beside && group.is_none_or(|group| test.group == *group);
        if self.width.at_once() > 1 && self.payoff.allows() && queue.front().is_some_and(is_next) {
            queue.pop_front()
        } else {
            None
        }
    }

    /// Plays a test that has the server to itself. Returns whether others can follow.
    async fn play_alone(&mut self, test: &PlannedTest) -> bool {
        let since = Instant::now();
        let report = played(test, &mut self.worker, self.baseline.as_deref()).await;
        let Some(report) = report else { return !self.is_over().await };
        if is_played(&report) {
            self.payoff.note_alone(since.elapsed());
        }
        self.judged(report) && !self.is_over().await
    }

    /// Counts a test that played beside others, or returns it if it is to be
    /// played again.
    fn count(&mut self, test: PlannedTest, mut worker: Worker, report: Option<CaseReport>) -> Option<PlannedTest> {
        let Some(report) = report else {
            self.worker.rejoin(worker, false);
            return None;
        };
        let otherwise = worker.otherwise.take();
        // That the settings did not stand concerns other tests, too.
        let astray = worker.session().is_some_and(Session::is_astray);
        let counts = astray || otherwise.is_some() || is_certain(&report, test.has_own_turn);
        if let Some(time) =
            worker.session().and_then(Session::answer_time).filter(|_| report.result.outcome == Outcome::Passed)
        {
            self.width.note(time);
        }
        let standing = self.standing(worker.session());
        self.worker.rejoin(worker, !counts);
        if counts {
            self.worker.tell(Event::Judged(Box::new(JudgedTest { report, standing, astray, otherwise })));
            None
        } else {
            self.worker.tell(Event::SetAside { test: report.test_name() });
            Some(test)
        }
    }

    /// The settings under which the last play of a session took place.
    fn standing(&self, session: Option<&Session>) -> StandingSettings {
        StandingSettings { worker: self.number, changes: session.map_or(0, Session::changes) }
    }

    /// Hands a result on. Returns whether there is a listener.
    fn judged(&mut self, report: CaseReport) -> bool {
        let otherwise = self.worker.otherwise.take();
        let standing = self.standing(self.worker.session());
        let astray = self.worker.session().is_some_and(Session::is_astray);
        self.worker.tell(Event::Judged(Box::new(JudgedTest { report, standing, astray, otherwise })))
    }

    /// Whether the server hangs or is down; then no further test is taken.
    async fn is_over(&self) -> bool {
        let is_over = self.worker.end().is_some();
        if is_over {
            self.queue.lock().await.clear();
        }
        is_over
    }
}

/// Whether a test took the time of a play.
fn is_played(report: &CaseReport) -> bool {
    report.steps.held().iter().any(|step| !step.exchanges.is_empty())
}

/// Plays a test beside others. Returns it with its worker and the report.
async fn played_beside(
    test: PlannedTest,
    mut worker: Worker,
    baseline: Option<Arc<Baseline>>,
) -> (PlannedTest, Worker, Option<CaseReport>) {
    let report = played(&test, &mut worker, baseline.as_deref()).await;
    (test, worker, report)
}

/// Plays a test, or only its control. Returns the report of the test.
async fn played(test: &PlannedTest, worker: &mut Worker, baseline: Option<&Baseline>) -> Option<CaseReport> {
    match test.read() {
        Some(case) if test.is_control => {
            // The test plays it again unless it succeeded.
            let _ = worker.prove_early(&test.scenario, &case).await;
            None
        }
        Some(case) => Some(worker.test(&test.scenario, &case, baseline).await),
        None => Some(test.unread()).filter(|_| !test.is_control),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use super::*;
    use crate::diagnostic::Source;
    use crate::runner::order::in_order;

    /// Otherwise it would be missing from the report.
    #[test]
    fn a_test_that_cannot_be_read_again_is_an_error() {
        let file = "format = 1\ntitle = \"t\"\nproblem = \"Fails\"\nseverity = \"low\"\n\
                    requirement = [\"OIDC Core §2\"]\n[users.alice]\n[[steps]]\nsign-in.as = \"alice\"\n";
        let source = Source { path: "s.toml".into(), text: file.to_owned() };
        let test = in_order(vec![Scenario::parse("s", source).unwrap()]).pop_front().unwrap();
        assert!(test.read().is_some());
        let gone = PlannedTest { case: Some("gone".to_owned()), ..test };
        assert!(gone.read().is_none());
        let report = gone.unread();
        assert_eq!((report.test_name().as_str(), report.result.outcome), ("s::gone", Outcome::Error));
    }
}
