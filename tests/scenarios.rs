//! Every case of every scenario as a test of its own, found at run time.
//!
//! Against the reference server, or against the server that
//! `OIDC_HARNESS_TARGET` names: every variable that `run` takes for target,
//! provider and judging counts here, too. The cases of one process are one run,
//! with one preflight and one restore; it begins when the first of them does.

use std::collections::HashMap;
use std::io::Write;
use std::process::ExitCode;
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};

use conformance_tests::scenarios;
use harness::cli::{run_from_environment, tell_of_preparation};
use harness::report::{CaseReport, CaseResult, Outcome, Report, exit_code, failed_test, flags_of};
use harness::runner::{Ended, Event, Run, RunError};
use harness::scenario::{Catalogue, Scenario};
use libtest_mimic::{Arguments, Completion, Failed, Trial};

/// The result of a trial.
type Judged = Result<Completion, Failed>;

/// The one run of this process.
struct Shared {
    run: Run,
    chosen: Mutex<Option<Catalogue>>,
    begun: OnceLock<()>,
    seen: Mutex<Seen>,
    news: Condvar,
}

/// What came of the run so far.
#[derive(Default)]
struct Seen {
    reports: HashMap<String, CaseReport>,
    ended: Option<Result<Report, String>>,
}

impl Shared {
    /// Begins to play what was chosen, unless that was done.
    fn begin(self: &Arc<Self>) {
        self.begun.get_or_init(|| {
            let shared = Arc::clone(self);
            std::thread::spawn(move || shared.play());
        });
    }

    fn play(&self) {
        let chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let played = runtime.map_err(|error| error.to_string()).and_then(|runtime| {
            let observe = |event: &Event| match event {
                Event::Judged(test) => {
                    self.tell(|seen| drop(seen.reports.insert(test.report.test_name(), test.report.clone())));
                }
                event => tell_of_preparation(event),
            };
            let ended = runtime.block_on(self.run.play(chosen, observe));
            ended.map_err(|error| self.said(&error)).and_then(|Ended { report, fault }| match fault {
                Some(fault) => Err(self.said(&fault)),
                None => Ok(report),
            })
        });
        self.tell(|seen| seen.ended = Some(played));
    }

    /// The fault of the run, what to do about it, and what is left.
    fn said(&self, error: &RunError) -> String {
        let help = error.help().map(|help| format!("\nhelp: {help}"));
        let left = self.run.servers().iter().filter(|server| server.is_unfinished());
        let left = left.map(|server| {
            format!("\nleft: {} is not as it was; `oidc-harness restore --target {0}` puts everything back", server.url)
        });
        format!("{error}{}{}", help.unwrap_or_default(), left.collect::<String>())
    }

    fn tell(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        self.news.notify_all();
    }

    /// Waits until `look` finds something.
    fn wait<T>(&self, look: impl Fn(&Seen) -> Option<T>) -> T {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(found) = look(&seen) {
                return found;
            }
            seen = self.news.wait(seen).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits for what came of one test.
    fn result_of(self: &Arc<Self>, name: &str) -> Result<CaseReport, Failed> {
        self.begin();
        self.wait(|seen| match (seen.reports.get(name), &seen.ended) {
            (Some(report), _) => Some(Ok(report.clone())),
            (None, Some(Err(error))) => Some(Err(error.clone().into())),
            (None, Some(Ok(_))) => Some(Err("it was not played".into())),
            (None, None) => None,
        })
    }

    /// Waits for the end.
    fn end(self: &Arc<Self>) -> Result<Report, String> {
        self.begin();
        self.wait(|seen| seen.ended.clone())
    }
}

/// Returns the result as a run prints it: what is not judged here is ignored, and why.
fn judged(shared: &Shared, report: &CaseReport, scenario: &Scenario) -> Judged {
    let CaseResult { outcome, reason, .. } = &report.result;
    match outcome {
        outcome if outcome.is_red(shared.run.strict) => {
            let flags = shared.run.servers().iter().map(|server| ["--target".to_owned(), server.url.clone()]);
            let mut flags: Vec<String> = flags.flatten().collect();
            if !flags.is_empty() {
                flags.extend(["--api-key-file", "FILE"].map(ToOwned::to_owned));
            }
            Err(failed_test(report, &scenario.source, &flags_of(&flags)).into())
        }
        Outcome::Skipped | Outcome::Known | Outcome::NotExercised => {
            let reason = reason.as_deref().unwrap_or_default();
            Ok(Completion::ignored_with(format!("{}: {reason}", outcome.name())))
        }
        _ => Ok(Completion::Completed),
    }
}

/// The tests that are red in the report, though they were not red when
/// they were judged: what was found later made their results worthless.
fn doubted(told: &HashMap<String, CaseReport>, report: &Report) -> Vec<String> {
    let is_red = |one: &CaseReport| one.result.outcome.is_red(report.strict);
    let told_otherwise = |now: &&CaseReport| told.get(&now.test_name()).is_some_and(|then| !is_red(then));
    let doubted = report.results.iter().filter(|now| is_red(now)).filter(told_otherwise);
    doubted.map(|now| format!("{}: {}\n", now.test_name(), now.result.reason.as_deref().unwrap_or_default())).collect()
}

/// That the server is as it was, and that what was played is worth something.
fn something_passed(shared: &Arc<Shared>, chosen: usize) -> Judged {
    if chosen == 0 {
        return Ok(Completion::ignored_with("no case was chosen"));
    }
    let report = shared.end()?;
    let outcomes: Vec<CaseResult> = report.results.iter().map(|report| report.result.clone()).collect();
    if report.counts.get(Outcome::Passed) > 0 && report.counts.get(Outcome::StaleEntry) == 0 {
        return Ok(Completion::Completed);
    }
    let stale = report.results.iter().filter(|report| report.result.outcome == Outcome::StaleEntry);
    let stale = stale.filter_map(|report| report.result.reason.clone()).map(|reason| reason + "\n");
    let passed = report.counts.get(Outcome::Passed);
    let code = exit_code(&outcomes, report.strict).code();
    Err(format!("{passed} passed; `oidc-harness run` would end with exit code {code}\n{}", stale.collect::<String>())
        .into())
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let catalogue = Catalogue::read(&[scenarios()]).unwrap_or_default();
    let found = catalogue.scenarios.len();
    let mut trials = vec![Trial::test("the catalogue can be read", move || {
        if found > 0 { Ok(()) } else { Err("there are no scenarios".into()) }
    })];
    for broken in &catalogue.broken {
        let name = broken.source.path.display().to_string();
        let text: String = broken.problems.iter().map(|problem| problem.render(&broken.source, false)).collect();
        trials.push(Trial::test(name, move || Err(text.into())));
    }
    let run = match run_from_environment() {
        Ok(run) => run,
        Err(code) => return ExitCode::from(code.code()),
    };
    let shared = Arc::new(Shared {
        run,
        chosen: Mutex::default(),
        begun: OnceLock::new(),
        seen: Mutex::default(),
        news: Condvar::new(),
    });
    let mut chosen = Vec::new();
    for scenario in &catalogue.scenarios {
        let mut one = scenario.clone();
        one.cases.clear();
        for case in &scenario.cases {
            let name = CaseReport::of(scenario, case).test_name();
            let (shared, scenario, test) = (Arc::clone(&shared), scenario.clone(), name.clone());
            let trial = Trial::ignorable_test(name, move || judged(&shared, &shared.result_of(&test)?, &scenario));
            if !arguments.is_filtered_out(&trial) {
                one.cases.push(case.clone());
            }
            trials.push(trial);
        }
        chosen.extend(Some(one).filter(|one| !one.cases.is_empty()));
    }
    let count = chosen.len();
    *shared.chosen.lock().unwrap_or_else(PoisonError::into_inner) =
        Some(Catalogue { scenarios: chosen, inventory: catalogue.inventory, ..Catalogue::default() });
    let last = Arc::clone(&shared);
    let name = "the server is as it was, and something passed";
    trials.push(Trial::ignorable_test(name, move || something_passed(&last, count)));
    let code = libtest_mimic::run(&arguments, trials).exit_code();
    // Whatever was chosen, no end may come before the server is as it was.
    match shared.begun.get().map(|()| shared.end()) {
        Some(Err(error)) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
        Some(Ok(report)) => match shared.wait(|seen| Some(doubted(&seen.reports, &report))) {
            doubted if doubted.is_empty() => code,
            doubted => {
                let _ = writeln!(std::io::stderr(), "error: these are red in the end:\n{}", doubted.concat());
                ExitCode::FAILURE
            }
        },
        None => code,
    }
}
