//! A server with another contract than Immich's is judged as Immich is: the
//! catalogue, and a third of the planted defects, have the same results through
//! its dialect as without the layer that makes it another.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

mod other_server;

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Arc;

use conformance_tests::{options, run, scenarios};
use harness::diagnostic::Source;
use harness::dialect_file;
use harness::doctor::{Clients, diagnose, look};
use harness::guard::{Consents, Custody, Server};
use harness::http_client::{ProviderClients, of_the_system};
use harness::immich::{Access, ApiKey, Capabilities, Dialect, Immich, SignInSettings};
use harness::reference::{DEFECTS, ReferenceOptions, ReferenceServer};
use harness::report::{CaseResult, Outcome};
use harness::runner::{Run, TargetChoice, Worker, WorkerOptions};
use harness::scenario::{Catalogue, Scenario};
use mock_idp::{CertificateAuthority, Clock, MockIdp};
use serde_json::json;

/// Defects that a server with such a contract cannot have, and why.
const BEYOND: &[(&str, &str)] = &[("fragment-read", "no member of its callback holds the fragment")];

/// The dialect in a file of this folder.
fn dialect(name: &str) -> Dialect {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("dialects").join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    dialect_file::parse(Source { path, text }).unwrap()
}

/// Which server is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contract {
    Immich,
    Other,
    /// Immich's, of a server that says that it reads no discovery document.
    WithoutDiscovery,
}

/// A server with these defects, what a run knows of it, and how its tests are played.
async fn server(contract: Contract, defects: &[&str]) -> (ReferenceServer, Server, WorkerOptions) {
    let authority = Arc::new(CertificateAuthority::fresh(Clock::system().now()).unwrap());
    let clients = ProviderClients::of_the_provider(authority.pem().as_bytes()).unwrap();
    let reference_options = ReferenceOptions {
        defects: defects.iter().map(|name| (*name).to_owned()).collect(),
        ..ReferenceOptions::on_loopback(Arc::new(|| Clock::system().now()), clients)
    };
    let reference = ReferenceServer::start(reference_options).await.unwrap();
    let worker_options = WorkerOptions { authority: Some(authority), ..options(1) };
    let (url, dialect) = match contract {
        Contract::Immich => (reference.url().to_owned(), Dialect::default()),
        Contract::WithoutDiscovery => (reference.url().to_owned(), dialect("without-discovery.toml")),
        Contract::Other => {
            (other_server::start(worker_options.client.clone(), reference.url()).await, dialect("other.toml"))
        }
    };
    let server = Server {
        url,
        key: ApiKey::new(reference.api_key()),
        dialect: Arc::new(dialect),
        access: Access::Api,
        replicas: 1,
        journal: std::path::PathBuf::new(),
        consents: Consents::default(),
    };
    (reference, server, worker_options)
}

/// The results of tests at a server with these defects, by test.
async fn results(contract: Contract, defects: &[&str], tests: &[&Scenario]) -> BTreeMap<String, CaseResult> {
    let (_reference, server, worker_options) = server(contract, defects).await;
    let target = server.immich(worker_options.client.clone()).unwrap();
    let capabilities = Capabilities::of(&target).await.unwrap();
    let custody = Custody::without_journal(&target);
    let mut worker = Worker::with_target(worker_options, custody, &server, capabilities).await.unwrap();
    let mut results = BTreeMap::new();
    for scenario in tests {
        for case in scenario.cases() {
            let report = worker.test(scenario, case, None).await;
            results.insert(report.test_name(), report.result);
        }
    }
    worker.finish().await.unwrap();
    results
}

/// Whether something with this name is in the third that is looked at.
fn is_in_third(name: &str) -> bool {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish().is_multiple_of(3)
}

#[tokio::test(flavor = "multi_thread")]
async fn another_contract_leads_to_the_same_results() {
    let catalogue = Catalogue::read(&[scenarios()]).unwrap();
    let tests: Vec<&Scenario> = catalogue.scenarios.iter().filter(|scenario| is_in_third(&scenario.name)).collect();
    let (immich, other) = tokio::join!(results(Contract::Immich, &[], &tests), results(Contract::Other, &[], &tests));
    let passed = other.values().filter(|result| result.outcome == Outcome::Passed).count();
    let different: Vec<_> = immich.iter().filter(|(name, result)| other[*name].outcome != result.outcome).collect();
    let different: Vec<_> = different.iter().map(|(name, result)| (name, result, &other[*name])).collect();
    assert!(different.is_empty(), "{different:#?}");
    assert!(passed > 200, "{passed}");
}

/// The doctor asks that server through its dialect, and names its settings.
#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_names_the_settings_of_the_other_server() {
    let clients = ProviderClients::of_the_provider(b"").unwrap();
    let options = ReferenceOptions::on_loopback(Arc::new(|| Clock::system().now()), clients);
    let reference = ReferenceServer::start(options).await.unwrap();
    let client = of_the_system(b"").unwrap();
    let url = other_server::start(client.clone(), reference.url()).await;
    let dialect = Arc::new(dialect("other.toml"));
    let server = Immich::new(client.clone(), &url, ApiKey::new(reference.api_key())).unwrap().with_dialect(dialect);
    let idp = MockIdp::builder().path("/realms/photos").start().await;
    let mut settings = server.settings().await.unwrap();
    let changes = json!({"enabled": true, "issuerUrl": format!("{}/", idp.issuer()), "clientId": "client",
                         "clientSecret": "secret", "allowInsecureRequests": true, "signingAlgorithm": "ES512"});
    for (name, value) in changes.as_object().unwrap() {
        settings["oauth"][name] = value.clone();
    }
    server.put_settings(settings).await.unwrap();
    let clients = Clients { provider: client, patience: std::time::Duration::from_secs(10) };
    let evidence = look(Some(&server), SignInSettings::default(), &clients, Clock::system().now()).await;
    let found = diagnose(&evidence, server.secrets());
    let change = |cause: &str| found.checks.iter().find(|check| check.cause == cause).unwrap().change.join("; ");
    assert_eq!(change("slash"), format!("In the server's settings: signIn.issuer → {}", idp.issuer()));
    assert_eq!(change("algorithm-not-offered"), "In the server's settings: signIn.signingAlgorithm → RS256");
    let _ = idp.finish();
}

/// One test says for all that the server reads no discovery document.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_discovery_fails_once() {
    let mut catalogue = Catalogue::read(&[scenarios()]).unwrap();
    let names = ["auto-register/", "discovery/", "issuer-url/", "key-rotation/", "key-set/"];
    catalogue.scenarios.retain(|scenario| names.iter().any(|name| scenario.name.starts_with(name)));
    let (_reference, server, options) = server(Contract::WithoutDiscovery, &[]).await;
    let folder = tempfile::tempdir().unwrap();
    let target = TargetChoice::Server(Server { journal: folder.path().join("journal"), ..server });
    let played = Run { target, options, ..run(&[]) }.play(catalogue, |_| {}).await.unwrap().report.results;
    let seen: Vec<_> = played.iter().map(|test| (test.test_name(), test.result.outcome)).collect();
    let of = |outcome| seen.iter().filter(move |(_, seen)| *seen == outcome).map(|(name, _)| name.as_str());
    assert_eq!(of(Outcome::Failed).collect::<Vec<_>>(), ["discovery/content-type::upper-case"]);
    let played: Vec<&str> = of(Outcome::Passed).collect();
    assert!(of(Outcome::Skipped).count() > 60 && played.iter().any(|name| name.starts_with("auto-register/")));
    let about = ["discovery/moved", "issuer-url/", "key-rotation/between-sign-ins", "key-set/many"];
    let wrong: Vec<_> = played.iter().filter(|name| about.iter().any(|about| name.starts_with(about))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_contract_hides_no_defect() {
    let catalogue = Catalogue::read(&[scenarios()]).unwrap();
    let matrix = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("matrix.json")).unwrap();
    let matrix: BTreeMap<String, Vec<String>> = serde_json::from_str(&matrix).unwrap();
    let mut missed = Vec::new();
    let can_be = |name: &str| BEYOND.iter().all(|(beyond, _)| *beyond != name);
    for defect in DEFECTS.iter().filter(|defect| is_in_third(defect.name) && can_be(defect.name)) {
        let catching = catalogue.scenarios.iter().filter(|scenario| matrix[defect.name].contains(&scenario.name));
        let Some(scenario) = catching.min_by_key(|scenario| scenario.cases().len()) else { continue };
        let seen = results(Contract::Other, &[defect.name], &[scenario]).await;
        if !seen.values().any(|result| matches!(result.outcome, Outcome::Failed | Outcome::Finding)) {
            missed.push((defect.name, seen));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}
