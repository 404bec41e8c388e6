//! What the reference server does at each quirk, held against
//! `strictness.txt`: what it asks the provider, and what it answers. A change of
//! the relying party, of the rules or of the provider shows here, whether or not
//! a scenario expects something of it.
//!
//! Not here: which answer is right. The scenarios say that.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::fmt::Write;
use std::path::Path;

use conformance_tests::options;
use harness::diagnostic::Source;
use harness::exchange::Exchange;
use harness::reference::NEWEST;
use harness::report::{CaseReport, Party};
use harness::runner::Worker;
use harness::scenario::Scenario;
use mock_idp::{QUIRKS, Quirk};
use snapbox::Data;
use tokio::task::JoinSet;

/// How many servers share the work.
const AT_ONCE: usize = 4;

/// The ways to meet a quirk, tried in this order until one does: settings, and
/// steps.
const WAYS: &[(&str, &str, &str)] = &[
    ("web", "", "[[steps]]\nsign-in.as = \"alice\""),
    (
        "signed UserInfo",
        "provider.userinfo-signing-algorithm = \"RS256\"\nserver.oauth.profileSigningAlgorithm = \"RS256\"",
        "[[steps]]\nsign-in.as = \"alice\"",
    ),
    ("app", "", "[[steps]]\nsign-in = { as = \"alice\", client = \"mobile\" }"),
    ("logout", "", "[[steps]]\nsign-in.as = \"alice\"\n[[steps]]\nlogout.follow = true"),
    ("logout token", "", "[[steps]]\nsign-in.as = \"alice\"\n[[steps]]\nbackchannel-logout.as = \"alice\""),
];

fn scenario(quirk: &str, settings: &str, steps: &str) -> Scenario {
    let text = format!(
        "format = 1\ntitle = \"t\"\nproblem = \"Fails\"\nseverity = \"low\"\nrequirement = [\"OIDC Core §2\"]\n\
         why = \"w\"\nprovider.quirks.{quirk} = true\n{settings}\n[users.alice]\npicture = \"{{issuer}}/picture\"\n{steps}\n"
    );
    Scenario::parse("s", Source { path: "s.toml".into(), text }).unwrap()
}

/// Whether an answer of the provider, or its logout token, shows the quirk.
fn is_met(report: &CaseReport, quirk: &str) -> bool {
    let exchanges = report.steps.held().iter().flat_map(|step| &step.exchanges);
    exchanges.flat_map(|exchange| &exchange.deviations).any(|deviation| deviation.by == quirk)
}

/// What the server asks the provider, and what it answers at last.
fn conduct(report: &CaseReport) -> String {
    let exchanges: Vec<_> = report.steps.held().iter().flat_map(|step| &step.exchanges).collect();
    let asked = exchanges.iter().filter(|one| one.from == Party::Target).filter_map(|one| one.endpoint.as_deref());
    let asked = asked.collect::<Vec<_>>().join(", ");
    let answer = exchanges.iter().rev().find(|one| one.to == Party::Target).map(|one| &one.exchange);
    let Some(status) = answer.and_then(|answer| answer.status) else {
        return format!("asks {asked}; does not answer");
    };
    let body = answer.and_then(Exchange::json).unwrap_or_default();
    let message = body["message"].as_str().map(|message| format!(" {message}")).unwrap_or_default();
    // The rest is the system's word for a lost connection.
    let message = message.split("sending request: ").next().unwrap_or_default();
    format!("asks {asked}; answers {status}{message}")
}

async fn line(worker: &mut Worker, quirk: &Quirk) -> String {
    for (way, settings, steps) in WAYS {
        let scenario = scenario(quirk.name, settings, steps);
        let report = worker.test(&scenario, &scenario.cases()[0], None).await;
        if is_met(&report, quirk.name) {
            return format!("{}: {way}; {}", quirk.name, conduct(&report));
        }
    }
    format!("{}: not met", quirk.name)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_server_does_at_each_quirk_what_it_did() {
    let mut under_way = JoinSet::new();
    for (part, quirks) in QUIRKS.chunks(QUIRKS.len().div_ceil(AT_ONCE)).enumerate() {
        under_way.spawn(async move {
            let mut worker = Worker::with_reference(options(1), &NEWEST, &[]).await.unwrap();
            let mut text = String::new();
            for quirk in quirks {
                let _ = writeln!(text, "{}", line(&mut worker, quirk).await);
            }
            worker.finish().await.unwrap();
            (part, text)
        });
    }
    let mut parts = under_way.join_all().await;
    parts.sort();
    let text: String = parts.into_iter().map(|(_, text)| text).collect();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("strictness.txt");
    snapbox::assert_data_eq!(text, Data::read_from(&golden, None).raw());
}
