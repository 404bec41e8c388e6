//! Playing all tests of a run: the workers, interruption, and the report.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use jiff::Timestamp;
use mock_idp::Interruption;
use semver::Version;
use tokio::sync::Mutex;

use super::error::RunError;
use super::event::{Event, Events, Heard, observed};
use super::failed_sign_in::FailedSignIn;
use super::order::in_order;
use super::payoff::Payoff;
use super::preparation::Judged;
use super::results::{JudgedTest, Results};
use super::run::{Ended, Run, TargetChoice};
use super::width::Width;
use super::work::{Queue, Work};
use crate::baseline::{Baseline, Pinned};
use crate::diagnostic::{Source, did_you_mean};

use crate::exit_code::ExitCode;
use crate::guard::{Restored, Session, StepFault};
use crate::report::{CaseReport, CaseResult, Counts, Outcome, Report, SourceReport, StepFile, TargetReport, exit_code};
use crate::scenario::{Catalogue, Inventory};

type Tasks = tokio::task::JoinSet<Result<Restored, StepFault>>;

impl Run {
    /// Plays everything in `catalogue`, and hands what happens on to `observe`.
    /// If the user ends it, or the target cannot be restored, the report has
    /// the results until then; it is an error if that is nothing. Whatever
    /// happens, a panic included, the target is left as it was, or the error or
    /// fault says what is left.
    pub async fn play(&self, catalogue: Catalogue, mut observe: impl FnMut(&Event)) -> Result<Ended, RunError> {
        let judged = self.judged()?;
        let judged = judged.as_ref();
        let mut tasks = Tasks::new();
        let played = self.play_all(catalogue, &mut observe, judged, &mut tasks);
        let played = match AssertUnwindSafe(played).catch_unwind().await {
            Ok(played) => played,
            Err(panic) => Err(self.broke(panic.as_ref(), judged, &mut tasks).await),
        };
        // Even an observer that panicked gets the last event.
        let _ = catch_unwind(AssertUnwindSafe(|| observe(&Event::Ended)));
        played
    }

    /// Puts everything back after a panic. Returns how the run ends.
    async fn broke(&self, panic: &(dyn Any + Send), judged: Option<&Judged<'_>>, tasks: &mut Tasks) -> RunError {
        // Only when the workers are gone is the journal free.
        let _ = end(tasks, true).await;
        if let Err(error) = self.clean_up(judged).await {
            return error;
        }
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        let text = text.unwrap_or_else(|| "a panic without a message".to_owned());
        // What broke may be what the server said.
        RunError::Broke(match judged {
            Some(judged) => judged.target.secrets().text(&text),
            None => text,
        })
    }

    async fn play_all(
        &self,
        catalogue: Catalogue,
        observe: &mut impl FnMut(&Event),
        judged: Option<&Judged<'_>>,
        tasks: &mut Tasks,
    ) -> Result<Ended, RunError> {
        let mut interruption = Interruption::listen();
        let since = Instant::now();
        let began = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let Catalogue { scenarios, inventory, totals, .. } = catalogue;
        let sources: Vec<_> = scenarios.iter().map(|one| (one.name.clone(), Arc::clone(&one.source))).collect();
        let tests = in_order(scenarios);
        let count = tests.iter().filter(|test| !test.is_control).count();
        let queue = Arc::new(Mutex::new(tests));
        let steps = self.keeps_steps.then(StepFile::create).transpose()?;
        // Before workers start, which it would have to stop again.
        let built_in =
            if self.find_baseline { Catalogue::baselines().map_err(RunError::Baseline)? } else { Vec::new() };
        let (events, mut heard) = Events::heard();
        let prepared = Box::pin(async {
            tokio::select! {
                workers = self.workers(judged, count, &events) => workers,
                () = interruption.wait() => Err(self.interrupted(judged, &mut interruption).await),
            }
        });
        let (workers, sign_ins) = match observed(prepared, &mut heard, observe).await {
            Err(RunError::SignIn(failure)) => {
                let milliseconds = milliseconds(since.elapsed());
                return Ok(Self::ended_at(failure, Report { unplayed: count, milliseconds, ..self.begun(began) }));
            }
            prepared => prepared?,
        };
        let first = workers.first().and_then(|worker| worker.session());
        let target = first.map(|session| self.told(session));
        let asked = first.map(|session| session.target.clone());
        let fingerprint = first.map(|session| session.capabilities.fingerprint()).unwrap_or_default();
        let version = first.map_or(Version::new(0, 0, 0), |session| session.capabilities.version.clone());
        // The reference server is known to do nothing wrong.
        let looked_for = self.find_baseline && self.baseline.is_none() && !self.is_own();
        let (measured, unmeasured) = match looked_for.then(|| Baseline::measured_at(&built_in, &fingerprint, &version))
        {
            Some(Ok(baseline)) => (Some(baseline), None),
            Some(Err(unmeasured)) => (None, Some(unmeasured)),
            None => (None, None),
        };
        let baseline = self.baseline.clone().or(measured);
        let shared = baseline.clone().map(Arc::new);
        for (number, mut worker) in workers.into_iter().enumerate() {
            worker.tells(events.clone());
            let (queue, baseline) = (Arc::clone(&queue), shared.clone());
            let (width, payoff) = (Width::new(self.side_by_side()), Payoff::new(self.side_by_side().is_none()));
            tasks.spawn(Work { number, worker, queue, baseline, width, payoff }.until_done());
        }
        drop(events);
        let mut results = Results::new(steps);
        let interrupted = tokio::select! {
            () = self.hear(&mut heard, observe, &mut results, &queue) => false,
            () = interruption.wait() => true,
        };
        let (left, mut fault) = match end(tasks, interrupted).await {
            Ok(left) => (left, None),
            Err(fault) => (Vec::new(), Some(fault)),
        };
        if interrupted || matches!(fault, Some(RunError::Broke(_))) {
            // The workers are gone; the journal says what is left.
            fault = match self.interrupted(judged, &mut interruption).await {
                RunError::Interrupted => fault,
                left => Some(left),
            };
        }
        // Results from before an interruption are still true.
        while let Ok(event) = heard.try_recv() {
            Self::note(event, observe, &mut results);
        }
        for test in results.release() {
            Self::note(Event::Judged(Box::new(test)), observe, &mut results);
        }
        let unplayed = if interrupted || fault.is_some() { count - results.len() } else { 0 };
        if results.len() == 0 && unplayed > 0 {
            return Err(fault.unwrap_or(RunError::Interrupted));
        }
        fault = fault.or(results.unwritten().map(RunError::Steps));
        let mut results = results.into_reports(fault.iter().filter_map(RunError::of_a_step));
        tell_stale(baseline.as_ref(), &inventory, &mut results);
        results.sort_by(|a, b| (&a.scenario, &a.case).cmp(&(&b.scenario, &b.case)));
        let outcomes: Vec<CaseResult> = results.iter().map(|report| report.result.clone()).collect();
        let ended = if interrupted { ExitCode::Interrupted } else { exit_code(&outcomes, self.strict) };
        let ended = ended.worse(fault.as_ref().map_or(ExitCode::Good, RunError::exit_code));
        let waited = asked.map(|target| target.waited()).unwrap_or_default();
        let report = Report {
            target,
            baseline_file: baseline.as_ref().map(|baseline| read(baseline.source.as_ref().clone())),
            baseline: baseline.map(|baseline| baseline.name),
            unmeasured,
            milliseconds: milliseconds(since.elapsed()),
            waited_for_target_milliseconds: milliseconds(waited),
            counts: Counts::of(&outcomes),
            exit_code: ended.code(),
            unplayed,
            fault: fault.as_ref().map(ToString::to_string),
            sign_ins,
            results,
            sources: sources.into_iter().map(|(name, source)| (name, read(Arc::unwrap_or_clone(source)))).collect(),
            totals,
            ..self.begun(began)
        };
        Ok(Ended { report, fault, left })
    }

    /// Passes on the events of the workers, until they are done, and keeps what
    /// was judged.
    async fn hear(&self, heard: &mut Heard, observe: &mut impl FnMut(&Event), results: &mut Results, queue: &Queue) {
        while let Some(event) = heard.recv().await {
            let is_red = |test: &JudgedTest| test.report.result.outcome.is_red(self.strict);
            let stop = self.fail_fast && matches!(&event, Event::Judged(test) if is_red(test));
            Self::note(event, observe, results);
            if stop {
                queue.lock().await.clear();
            }
        }
    }

    /// Passes on an event, unless it waits for what other tests report, and keeps
    /// what was judged.
    fn note(event: Event, observe: &mut impl FnMut(&Event), results: &mut Results) {
        match event {
            Event::Judged(test) if test.otherwise.is_some() => results.hold(*test),
            event => {
                observe(&event);
                if let Event::Judged(test) = event {
                    results.add(*test);
                }
            }
        }
    }

    /// Returns the report of a run that has just begun.
    fn begun(&self, date: String) -> Report {
        Report {
            date: Some(date),
            seed: self.options.seed,
            strict: self.strict,
            ..Report::new(env!("CARGO_PKG_VERSION"))
        }
    }

    /// Returns how a run ends whose honest sign-in fails before the tests.
    fn ended_at(failure: Box<FailedSignIn>, blank: Report) -> Ended {
        let (target, sign_ins) = (failure.target.clone(), vec![failure.report()]);
        let fault = RunError::SignIn(failure);
        let report = Report { target, exit_code: fault.exit_code().code(), sign_ins, ..blank };
        Ended { report, fault: Some(fault), left: Vec::new() }
    }

    /// What a report says of a server.
    pub(super) fn told(&self, session: &Session) -> TargetReport {
        let (url, defects) = match &self.target {
            TargetChoice::Reference { defects, .. } => ("reference", defects.clone()),
            TargetChoice::Server(_) => (session.target.origin(), Vec::new()),
        };
        TargetReport { url: url.to_owned(), version: session.capabilities.version.to_string(), defects }
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A file, to be shown in reports.
fn read(Source { path, text }: Source) -> SourceReport {
    SourceReport { path: path.display().to_string(), text }
}

/// Waits for the workers, or ends them. Returns the emails of the accounts that
/// they left.
async fn end(tasks: &mut Tasks, interrupted: bool) -> Result<Vec<String>, RunError> {
    if interrupted {
        tasks.abort_all();
    }
    let (mut ended, mut left) = (Ok(()), Vec::new());
    while let Some(task) = tasks.join_next().await {
        match task {
            Ok(Ok(restored)) => left.extend(restored.left),
            Ok(Err(fault)) => ended = Err(fault.into()),
            Err(error) if error.is_cancelled() => {}
            Err(error) => ended = Err(RunError::Broke(error.to_string())),
        }
    }
    ended.map(|()| left)
}

/// Adds a result for each entry of the baseline that names no test, or at
/// whose check its test does not look. A test that is red already says more.
fn tell_stale(baseline: Option<&Baseline>, inventory: &Inventory, results: &mut Vec<CaseReport>) {
    let Some(baseline) = baseline else { return };
    for known in &baseline.known {
        let what = if inventory.lacks(&known.scenario, known.case.as_deref()) {
            "this test, which does not exist".to_owned()
        } else if let Some(Pinned { step, path, .. }) = inventory.unseen(known) {
            format!("`{path}` of `{step}`, which the test does not check")
        } else {
            continue;
        };
        let help = known.amendment(known.case.as_deref());
        let help = match inventory.close_to(known).filter(|_| inventory.lacks(&known.scenario, known.case.as_deref())) {
            Some(name) => format!("{} Otherwise {help}", did_you_mean(name)),
            None => help,
        };
        let reason = format!("the baseline {} names {what}; {help}", baseline.name);
        let stale = CaseResult::new(Outcome::StaleEntry, reason);
        match results.iter_mut().find(|test| test.scenario == known.scenario && test.case == known.case) {
            Some(test) if test.result.outcome.is_red(false) => {}
            Some(test) => test.result = stale,
            None => {
                let mut test = CaseReport::named(&known.scenario, known.case.clone());
                test.result = stale;
                results.push(test);
            }
        }
    }
}
