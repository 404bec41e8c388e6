//! Every case of every scenario as a test of its own, found at run time.
//!
//! Against the reference server, or against the server that
//! `OIDC_HARNESS_TARGET` and `OIDC_HARNESS_API_KEY_FILE` name.

use std::collections::HashMap;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use conformance_tests::{options, scenarios};
use harness::guard::{Consents, Server, journal_path};
use harness::report::{CaseReport, Human, Style};
use harness::runner::{Ended, Run, TargetChoice, Worker, WorkerOptions};
use harness::scenario::{Case, Catalogue, Scenario};
use harness::target::{Access, ApiKey};
use libtest_mimic::{Arguments, Failed, Trial};
use mock_idp::{CertificateAuthority, Clock};

/// Told as a run tells it; `flags` name the target.
fn judged(report: &CaseReport, scenario: &Scenario, flags: String) -> Result<(), Failed> {
    if !report.result.outcome.is_red(false) {
        return Ok(());
    }
    let sources = HashMap::from([(scenario.name.clone(), Arc::clone(&scenario.source))]);
    Err(Human::new(Style::default(), false, sources, flags).case(report).into())
}

fn against_reference(scenario: &Arc<Scenario>, case: &Case) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut worker = Worker::with_reference(options(1), &[]).await?;
        let report = worker.test(scenario, case, None).await;
        judged(&report, scenario, String::new())
    })
}

/// The whole run machinery, for one test: preflight, journal, restore.
fn against_server(url: &str, key: &ApiKey, scenario: &Arc<Scenario>, index: usize) -> Result<(), Failed> {
    let mut one = Scenario::clone(scenario);
    one.cases = one.cases.into_iter().skip(index).take(1).collect();
    let journal = journal_path(None, url)?;
    let agreed = |name: &str| std::env::var_os(name).is_some_and(|value| value == "true");
    let consents = Consents {
        replace_oauth_settings: agreed("OIDC_HARNESS_REPLACE_OAUTH_SETTINGS"),
        production: agreed("OIDC_HARNESS_YES"),
        leave_accounts: agreed("OIDC_HARNESS_LEAVE_ACCOUNTS"),
    };
    let authority = match std::env::var_os("OIDC_HARNESS_IDP_CA") {
        Some(folder) => Some(CertificateAuthority::load(folder.as_ref(), Clock::system().now())?.into()),
        None => None,
    };
    let server = Server { url: url.to_owned(), key: key.clone(), access: Access::Api, replicas: 1, journal, consents };
    let run = Run {
        target: TargetChoice::Servers(vec![server]),
        options: WorkerOptions { authority, ..options(rand::random()) },
        baseline: None,
        find_baseline: true,
        strict: false,
        fail_fast: false,
        // Under cargo-nextest each test is a process, and they queue.
        waiting: Some(|locked| {
            let _ = writeln!(std::io::stderr(), "waiting: {locked}");
        }),
        restored: Some(|url, restored| {
            let _ =
                writeln!(std::io::stderr(), "restored: an earlier run at {url} was killed or broke off; {restored}");
        }),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let catalogue = Catalogue { scenarios: vec![one], ..Catalogue::default() };
    let Ended { report, fault } = runtime.block_on(run.play(catalogue, |_| {}))?;
    fault.map_or(Ok(()), Err)?;
    report.results.iter().try_for_each(|case| judged(case, scenario, report.flags()))
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    let server = std::env::var("OIDC_HARNESS_TARGET").ok().filter(|target| target != "reference");
    let key = std::env::var("OIDC_HARNESS_API_KEY_FILE").ok().and_then(|path| std::fs::read_to_string(path).ok());
    let key = key.map(|text| ApiKey::new(&text));
    if server.is_some() {
        // One run per target at a time.
        arguments.test_threads = Some(1);
    }
    let catalogue = Catalogue::read(&[scenarios()]).unwrap_or_default();
    let mut trials = vec![Trial::test("the catalogue can be read", {
        let found = catalogue.scenarios.len();
        move || if found > 0 { Ok(()) } else { Err("there are no scenarios".into()) }
    })];
    for broken in catalogue.broken {
        let name = broken.source.path.display().to_string();
        let text: String = broken.problems.iter().map(|problem| problem.render(&broken.source, false)).collect();
        trials.push(Trial::test(name, move || Err(text.into())));
    }
    for scenario in catalogue.scenarios {
        let scenario = Arc::new(scenario);
        for (index, case) in scenario.cases.iter().enumerate() {
            let name = CaseReport::of(&scenario, case).test_name();
            let (scenario, case) = (Arc::clone(&scenario), case.clone());
            let (server, key) = (server.clone(), key.clone());
            trials.push(Trial::test(name, move || match (&server, &key) {
                (None, _) => against_reference(&scenario, &case),
                (Some(url), Some(key)) => against_server(url, key, &scenario, index),
                (Some(_), None) => Err("OIDC_HARNESS_API_KEY_FILE names no readable file".into()),
            }));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}
