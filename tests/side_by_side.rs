//! Tests that play side by side have the results that they have one at a time,
//! and the same requests at server and provider, whatever the server does
//! wrong.
//!
//! Usually a part of the catalogue is played against a server without defects, and
//! a few defects are held against some of the scenarios that catch them.
//! `SIDE_BY_SIDE=defects` takes every defect, `SIDE_BY_SIDE=all` also every scenario;
//! `SIDE_BY_SIDE=client-kept,link-route-missing` takes these defects, and all scenarios
//! that catch them.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::Arc;

use conformance_tests::{options, run};
use harness::expect::{ANSWER_RULES, Check};
use harness::http_client::{ProviderClients, of_the_system};
use harness::level::Level;
use harness::reference::{DEFECTS, Defect, ReferenceOptions, ReferenceServer};
use harness::report::{CaseReport, ExchangeReport, Party};
use harness::runner::{Ended, Event, Run, TargetChoice, WorkerOptions};
use harness::scenario::Catalogue;
use mock_idp::Clock;

/// What came of a test, without what differs from run to run.
#[derive(Debug, PartialEq, Eq)]
struct Came {
    result: String,
    steps: Vec<String>,
    /// By party: what was asked, and the status of the answer.
    exchanges: BTreeMap<String, Vec<String>>,
}

impl Came {
    fn of(test: &CaseReport) -> Self {
        let mut missed = false;
        let mut checks = |step: &harness::report::StepReport| {
            // The rules for answers also hold for those to the administrator, who
            // tidies up beside the tests.
            let is_of_answers = |path: &str| ANSWER_RULES.iter().any(|rule| rule.path == path);
            // What was found instead may be an account of another test, and what else
            // is wrong may depend on it.
            let found = |check: &Check| check.found.clone().filter(|_| check.held && !is_of_answers(&check.path));
            let mut checks = Vec::new();
            for check in &step.checks {
                if !missed {
                    checks.push((&check.path, check.level, check.held, found(check)));
                }
                missed |= !check.held && check.level != Level::May;
            }
            format!("{} {} {checks:?}", step.id, step.action)
        };
        let steps = test.steps.read().unwrap();
        let mut exchanges: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for exchange in steps.iter().flat_map(|step| &step.exchanges).filter(|one| is_of_a_test(one)) {
            exchanges.entry(format!("{:?} to {:?}", exchange.from, exchange.to)).or_default().push(line(exchange));
        }
        let result = (test.result.outcome, test.result.fault, test.result.reason.is_some());
        Self { result: format!("{result:?}"), steps: steps.iter().map(&mut checks).collect(), exchanges }
    }
}

/// Whether the provider notes the request for its own test beside others.
fn is_of_a_test(exchange: &ExchangeReport) -> bool {
    !matches!(exchange.endpoint.as_deref(), Some("discovery" | "jwks"))
}

fn line(exchange: &ExchangeReport) -> String {
    let path = match (&exchange.to, &exchange.endpoint) {
        (Party::Provider, Some(endpoint)) => endpoint.clone(),
        (Party::Provider, None) => String::new(),
        // The path of a second issuer carries the number of the play.
        (Party::OtherProvider, _) => exchange.exchange.path().rsplit('/').next().unwrap_or_default().to_owned(),
        _ => exchange.exchange.path().to_owned(),
    };
    format!("{} {path} {:?}", exchange.exchange.method, exchange.exchange.status)
}

/// Plays the catalogue against a fresh server with this defect, so many tests
/// at a time. `observe` gets what happens.
async fn played(
    defect: Option<&str>,
    catalogue: Catalogue,
    observe: impl FnMut(&Event),
    at_once: usize,
) -> BTreeMap<String, Came> {
    let clock = Clock::system();
    let server = ReferenceServer::start(ReferenceOptions {
        defects: defect.map(ToOwned::to_owned).into_iter().collect(),
        ..ReferenceOptions::on_loopback(Arc::new(move || clock.now()), ProviderClients::of_the_system(&[]).unwrap())
    });
    let server = server.await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal");
    let target = TargetChoice::Server(conformance_tests::server(server.url().to_owned(), server.api_key(), journal));
    // As patient as a run: so many tests at a time are slow on a busy machine.
    let client = || of_the_system(&[]).unwrap();
    let options = WorkerOptions { client: client(), browser_client: client(), ..options(1) };
    let run = Run { target, options, jobs: NonZeroUsize::new(at_once), continue_anyway: true, ..run(&[]) };
    let fault = match run.play(catalogue, observe).await {
        Ok(Ended { report, fault: None, .. }) => {
            return report.results.iter().map(|test| (test.test_name(), Came::of(test))).collect();
        }
        Ok(Ended { fault: Some(fault), .. }) | Err(fault) => fault,
    };
    // A few defects let no run begin.
    let result = fault.to_string().replace(server.url(), "SERVER");
    BTreeMap::from([(String::new(), Came { result, steps: Vec::new(), exchanges: BTreeMap::new() })])
}

/// Where a run side by side differs from one in which each test plays alone.
async fn differences(defect: Option<&str>, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let catalogue = || {
        let mut catalogue = Catalogue::embedded();
        catalogue.scenarios.retain(|scenario| is_wanted(&scenario.name));
        catalogue
    };
    let alone = played(defect, catalogue(), |_| {}, 1).await;
    let beside = played(defect, catalogue(), |_| {}, 16).await;
    assert_eq!(alone.keys().collect::<Vec<_>>(), beside.keys().collect::<Vec<_>>());
    let differs = alone.iter().filter(|(name, came)| beside[*name] != **came);
    differs.map(|(name, came)| format!("{defect:?} {name}: {came:#?} but side by side {:#?}", beside[name])).collect()
}

/// A test that finds the path of its issuer taken would be played again alone.
#[tokio::test(flavor = "multi_thread")]
async fn issuers_at_one_path_take_turns() {
    let mut catalogue = Catalogue::embedded();
    catalogue.scenarios.retain(|scenario| scenario.name.starts_with("profiles/"));
    let mut plays: BTreeMap<String, usize> = BTreeMap::new();
    let count = |event: &Event| {
        if let Event::Started { test, is_control: false } = event {
            *plays.entry(test.clone()).or_default() += 1;
        }
    };
    played(None, catalogue, count, 16).await;
    plays.retain(|_, count| *count > 1);
    assert!(plays.is_empty(), "{plays:?}");
}

/// A run that chooses how many tests play at a time.
const UNGIVEN: usize = 0;

/// It may play one at a time for a while, as it finds that side by side costs more.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_fails_most_tests_has_the_same_results() {
    let topics = ["auto-register/", "callback/", "claims/", "id-token/wrong"];
    let catalogue = || {
        let mut catalogue = Catalogue::embedded();
        catalogue.scenarios.retain(|scenario| topics.iter().any(|topic| scenario.name.starts_with(topic)));
        catalogue
    };
    let beside = played(Some("never-registers"), catalogue(), |_| {}, UNGIVEN).await;
    let alone = played(Some("never-registers"), catalogue(), |_| {}, 1).await;
    let red = alone.values().filter(|came| came.result.contains("Failed") || came.result.contains("Blocked")).count();
    assert!(2 * red > alone.len(), "{red} of {} are red", alone.len());
    assert_eq!(beside, alone);
}

/// Whether the variable that widens these tests has this value.
fn is_wide(value: &str) -> bool {
    std::env::var("SIDE_BY_SIDE").is_ok_and(|found| found == value)
}

/// One scenario in ten of each topic.
fn part_of_the_catalogue() -> BTreeSet<String> {
    let mut of_topic: BTreeMap<String, usize> = BTreeMap::new();
    let scenarios = Catalogue::embedded().scenarios;
    let is_wanted = |name: &String| {
        let topic = name.split('/').next().unwrap_or_default().to_owned();
        let number = of_topic.entry(topic).or_default();
        *number += 1;
        is_wide("all") || *number % 10 == 1
    };
    scenarios.into_iter().map(|scenario| scenario.name).filter(is_wanted).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_test_has_the_same_result_side_by_side() {
    let part = part_of_the_catalogue();
    let differences = differences(None, |name| part.contains(name)).await;
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// So many scenarios that catch a defect are enough, if not all are played.
const CATCHERS: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn every_defect_is_caught_by_the_same_tests_side_by_side() {
    let matrix: BTreeMap<String, BTreeSet<String>> = serde_json::from_str(include_str!("matrix.json")).unwrap();
    let named: BTreeSet<String> =
        std::env::var("SIDE_BY_SIDE").unwrap_or_default().split(',').map(String::from).collect();
    let is_named = |defect: &&Defect| named.contains(defect.name);
    let by_name = DEFECTS.iter().any(is_named);
    let every = if by_name || is_wide("all") || is_wide("defects") { 1 } else { 40 };
    let catchers = if by_name || is_wide("all") { usize::MAX } else { CATCHERS };
    let mut all = Vec::new();
    for defect in DEFECTS.iter().step_by(every).filter(|defect| !by_name || is_named(defect)) {
        let scenarios: BTreeSet<&String> = matrix[defect.name].iter().take(catchers).collect();
        all.extend(differences(Some(defect.name), |name| scenarios.iter().any(|one| *one == name)).await);
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}
