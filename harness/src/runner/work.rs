//! The work of one worker: takes tests from the queue, and plays them side by
//! side or alone.
//!
//! A test that played beside others counts if others cannot be the cause of what it
//! shows: it passed, failed exactly as is known, or saw the server let an end-user in.
//! Any other is played again alone, before tests with other settings.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Instant;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::Mutex;

use super::event::Event;
use super::payoff::Payoff;
use super::results::{JudgedTest, StandingSettings};
use super::settings_group::SettingsGroup;
use super::width::Width;
use super::worker::Worker;
use crate::baseline::Baseline;
use crate::expect::Check;
use crate::guard::{Restored, Session, StepFault};
use crate::immich::Access;
use crate::report::{CaseReport, Outcome};
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

/// Tests that play at the same time, until all have ended.
struct Round {
    since: Instant,
    tests: u32,
    again: u32,
}

impl Round {
    fn begin() -> Self {
        Self { since: Instant::now(), tests: 0, again: 0 }
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
        let (mut playing, mut again) = (FuturesUnordered::new(), VecDeque::new());
        let (mut group, mut round) = (None, Round::begin());
        loop {
            // What is to be played again is, when no other test plays.
            let is_full = self.payoff.is_full(again.len()) || playing.is_empty() && !again.is_empty();
            while !is_full
                && playing.len() < self.width.at_once()
                && let Some(test) = self.next_beside(group.as_ref().filter(|_| !again.is_empty())).await
                && let Some(worker) = self.worker.beside(Some(test.place))
            {
                if playing.is_empty() {
                    round = Round::begin();
                }
                group = Some(Arc::clone(&test.group));
                playing.push(played(test, worker, self.baseline.clone()));
            }
            if let Some((test, worker, report)) = playing.next().await {
                round.tests += u32::from(report.as_ref().is_some_and(is_played));
                let repeated = self.count(test, worker, report);
                round.again += u32::from(repeated.is_some());
                again.extend(repeated);
                if playing.is_empty() {
                    self.payoff.note_beside(round.tests, round.since.elapsed(), round.again);
                }
                self.is_over().await;
                continue;
            }
            let repeated = again.pop_front();
            let is_last = repeated.is_some() && again.is_empty();
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

    /// Plays a test that has the server to itself. Returns whether others can
    /// follow.
    async fn play_alone(&mut self, test: &PlannedTest) -> bool {
        let Some(case) = test.read().filter(|_| !test.is_control) else { return true };
        let since = Instant::now();
        let report = self.worker.test(&test.scenario, &case, self.baseline.as_deref()).await;
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
        let counts = astray
            || otherwise.is_some()
            || match report.result.outcome {
                Outcome::Skipped | Outcome::Known => true,
                Outcome::Passed | Outcome::Failed | Outcome::Finding => is_certain(&test, &report),
                _ => false,
            };
        if let Some(time) = worker.session().and_then(Session::answer_time).filter(|_| has_passed(&report)) {
            self.width.note(time);
        }
        let standing = self.standing(worker.session());
        self.worker.rejoin(worker, !counts);
        if counts {
            self.worker.tell(Event::Judged(Box::new(JudgedTest { report, standing, astray, otherwise })));
            None
        } else {
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

/// The sections of the evidence that are known when the turn of a test ends. Others may
/// take steps while the harness looks at the rest.
const OF_A_TURN: &[&str] = &["outcome", "response", "redirect", "cookies", "provider-saw", "other-provider-saw"];

/// Whether others cannot be the cause of what a test shows: the server let an end-user
/// in where it must not, or need not, which no other test brings about. Others cannot be
/// the cause of a note either that is about what the server answered or requested while
/// no other took a step.
fn is_certain(test: &PlannedTest, report: &CaseReport) -> bool {
    let missed: Vec<&Check> =
        report.steps.held().iter().flat_map(|step| &step.checks).filter(|check| !check.held).collect();
    let passed = has_passed(report);
    let is_of_turn = |check: &Check| {
        let section = check.path.split('.').next().unwrap_or_default();
        passed && test.has_own_turn && OF_A_TURN.contains(&section)
    };
    (passed || !missed.is_empty()) && missed.into_iter().all(|check| check.is_acceptance() || is_of_turn(check))
}

/// Whether a test took the time of a play.
fn is_played(report: &CaseReport) -> bool {
    report.result.outcome != Outcome::Skipped
}

fn has_passed(report: &CaseReport) -> bool {
    report.result.outcome == Outcome::Passed
}

/// Plays a test, or only its control, beside others. Returns it with its worker and
/// the report of the test.
async fn played(
    test: PlannedTest,
    mut worker: Worker,
    baseline: Option<Arc<Baseline>>,
) -> (PlannedTest, Worker, Option<CaseReport>) {
    let report = match test.read() {
        Some(case) if test.is_control => {
            // The test plays it again unless it succeeded.
            let _ = worker.prove_early(&test.scenario, &case).await;
            None
        }
        Some(case) => Some(worker.test(&test.scenario, &case, baseline.as_deref()).await),
        None => None,
    };
    (test, worker, report)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;

    use super::*;
    use crate::diagnostic::Source;
    use crate::level::Level;
    use crate::report::{CaseResult, StepReport};
    use crate::runner::order::in_order;

    const SHARED: &str = "quirks.wrong-audience = true";
    const OWN: &str = "quirks.jwks-empty = true";
    const LET_IN: (&str, &str, &str) = ("outcome", "refused", "signed-in");
    const REFUSED: (&str, &str, &str) = ("outcome", "signed-in", "refused");

    /// Others could keep a server from something, but not let an end-user in.
    #[rstest]
    #[case::lets_in(Outcome::Passed, SHARED, &[LET_IN], true)]
    #[case::refuses(Outcome::Passed, SHARED, &[REFUSED], false)]
    #[case::does_not_link(Outcome::Passed, SHARED, &[("outcome", "linked", "signed-in")], false)]
    #[case::something_else(Outcome::Passed, SHARED, &[LET_IN, ("account.name", "refused", "signed-in")], false)]
    #[case::without_others(Outcome::Passed, OWN, &[REFUSED], true)]
    #[case::fails(Outcome::Failed, SHARED, &[LET_IN], true)]
    #[case::fails_without_others(Outcome::Failed, OWN, &[REFUSED], false)]
    #[case::for_another_reason(Outcome::Failed, SHARED, &[], false)]
    fn what_others_may_cause_does_not_count(
        #[case] outcome: Outcome,
        #[case] provider: &str,
        #[case] missed: &[(&str, &str, &str)],
        #[case] certain: bool,
    ) {
        let text = format!(
            "format = 1\ntitle = \"t\"\nproblem = \"Fails\"\nseverity = \"low\"\nrequirement = [\"OIDC Core §2\"]\n\
             why = \"w\"\n[users.alice]\n[provider]\n{provider}\n[[steps]]\nsign-in.as = \"alice\"\n"
        );
        let scenario = Scenario::parse("s", Source { path: "s.toml".into(), text }).unwrap();
        let test = in_order(vec![scenario]).pop_front().unwrap();
        let check = |(path, expected, actual): &(&str, &str, &str)| Check {
            expected: Some(format!("{expected:?}")),
            actual: Some(format!("{actual:?}")),
            ..Check::missed(path, Level::May)
        };
        let step = StepReport::sample(missed.iter().map(check).collect());
        let mut report = CaseReport::named("s", None);
        report.result = CaseResult::new(outcome, String::new());
        report.steps = vec![step].into();
        assert_eq!(is_certain(&test, &report), certain);
    }
}
